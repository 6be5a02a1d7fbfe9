"""`python -m tests.bundles`: are the committed scripts of the pages what their TypeScript sources make?

By the digest in their first line in any case. Where Node.js and npm are installed and the packages
can be had, also by building them again and comparing every byte; then the types are checked and
the unit tests of the TypeScript are run.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUNDLER = ROOT / "output" / "bundle.mjs"
TYPESCRIPT_TESTS = ROOT / "tests" / "output" / "page"
_MINUTES = 5


@dataclass(frozen=True)
class Bundle:
    """A folder with a package.json whose scripts are bundled."""

    folder: Path

    @property
    def told(self) -> dict[str, object]:
        told: dict[str, object] = json.loads((self.folder / "package.json").read_text(encoding="utf-8"))["bundle"]
        return told

    @property
    def target(self) -> Path:
        return (self.folder / str(self.told["out"])).resolve()

    @property
    def files(self) -> list[str]:
        packed = self.told.get("packed", {})
        assert isinstance(packed, dict)
        return [str(self.told["script"]), str(self.told["style"]), *packed]

    def digest(self) -> str:
        """Return the digest of the sources, as `bundle.mjs` computes it."""
        total = hashlib.sha256(BUNDLER.read_bytes())
        names = ["package-lock.json", "package.json", "tsconfig.json"]
        names += sorted(f"src/{path.name}" for path in (self.folder / "src").iterdir())
        for name in names:
            total.update(name.encode() + b"\0" + (self.folder / name).read_bytes() + b"\0")
        return total.hexdigest()

    def is_of_sources(self) -> bool:
        """Return whether the first line of the committed script names the digest of the sources."""
        with (self.target / str(self.told["script"])).open(encoding="ascii") as script:
            return script.readline() == f"/* built from sources {self.digest()} */\n"


BUNDLES = (Bundle(ROOT / "output" / "page"), Bundle(ROOT / "output" / "server" / "editor"))


def main() -> int:
    """Check all bundles and print what was compared; return 1 when one differs."""
    wrong = [bundle for bundle in BUNDLES if not bundle.is_of_sources()]
    for bundle in wrong:
        print(f"{bundle.folder.relative_to(ROOT)}: the bundle is not of these sources; run `npm ci && npm run build`")
    if wrong:
        return 1
    missing = [name for name in ("node", "npm") if shutil.which(name) is None]
    if missing:
        print(f"bundles: compared by digest only, for {' and '.join(missing)} is not installed here;")
        print("bundles: not rebuilt, types not checked, TypeScript's unit tests not run")
        return 0
    return max(_rebuilt(bundle) for bundle in BUNDLES) or _unit_tests(BUNDLES[0])


def _rebuilt(bundle: Bundle) -> int:
    name = bundle.folder.relative_to(ROOT)
    if not (bundle.folder / "node_modules" / ".package-lock.json").is_file():
        fetched = _run(bundle.folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
        if fetched.returncode:
            print(f"{name}: compared by digest only, for its packages cannot be had here:\n{fetched.stdout[-600:]}")
            return 0
    with tempfile.TemporaryDirectory() as out:
        built = _run(bundle.folder, "npm", "run", "build", "--", out)
        if built.returncode:
            print(f"{name}: does not build:\n{built.stdout[-4000:]}")
            return 1
        different = [f for f in bundle.files if (Path(out) / f).read_bytes() != (bundle.target / f).read_bytes()]
    for file in different:
        print(f"{name}: {file} is not what the sources make; run `npm ci && npm run build` there")
    print(f"{name}: types checked, rebuilt, {len(bundle.files) - len(different)} of {len(bundle.files)} files the same")
    return 1 if different else 0


def _unit_tests(bundle: Bundle) -> int:
    tests = sorted(TYPESCRIPT_TESTS.glob("*.test.ts"))
    if not tests or not (bundle.folder / "node_modules" / ".package-lock.json").is_file():
        print("TypeScript's unit tests were not run: its packages are not here")
        return 0 if tests else 1
    checked = _run(bundle.folder, "npx", "tsc", "--noEmit", "-p", str(TYPESCRIPT_TESTS))
    if checked.returncode:
        print(f"TypeScript's unit tests have wrong types:\n{checked.stdout[-4000:]}")
        return 1
    with tempfile.TemporaryDirectory() as out:
        made = _run(
            bundle.folder,
            *("npx", "esbuild", *map(str, tests), "--bundle", "--platform=node", "--format=esm", f"--outdir={out}"),
            *("--out-extension:.js=.mjs", '--define:import.meta.url=""', "--log-level=error"),
        )
        if made.returncode:
            print(f"TypeScript's unit tests do not build:\n{made.stdout[-4000:]}")
            return 1
        done = _run(bundle.folder, "node", "--test", *(str(p) for p in sorted(Path(out).glob("*.mjs"))))
    print(done.stdout[-6000:] if done.returncode else _counts(done.stdout))
    return 1 if done.returncode else 0


def _counts(told: str) -> str:
    counts = dict(line[2:].split(" ", 1) for line in told.splitlines() if line.startswith(("# pass ", "# fail ")))
    return f"TypeScript's unit tests: {counts.get('pass', 0)} passed, {counts.get('fail', 0)} failed"


def _run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60 * _MINUTES,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main())
