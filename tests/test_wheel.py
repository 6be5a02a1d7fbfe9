"""The wheel is what users get: what is in it, and that it runs where the sources are not."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import plankg
from tests.extract.writers import SAMPLE, as_docx

ROOT = Path(__file__).resolve().parents[1]
LEFTOVERS = frozenset({"__pycache__", "node_modules"})  # of running and building, not of the project
PACKAGES = ("corpus", "extract", "graph", "ontology", "output")


def run(*command: str | Path, folder: Path) -> str:
    """Return what a command prints; it is run in `folder`, away from the sources."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SOURCE_DATE_EPOCH", raising=False)
        return make_wheel(tmp_path_factory.mktemp("wheel"))


def make_wheel(out: Path, project: Path = ROOT) -> Path:
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "-q")
    run(*pip, "wheel", project, "--no-deps", "--no-build-isolation", "--wheel-dir", out, folder=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path) -> Path:
    """Return the interpreter of a fresh environment with the wheel and nothing else of ours.

    What we depend on is taken from the environment of the tests, behind the fresh one's own
    packages, so that nothing is fetched.
    """
    folder = wheel.parent / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder, folder=wheel.parent)
    interpreter = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", interpreter, "install", "-q", "--no-deps", wheel, folder=wheel.parent)
    own = run(interpreter, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=wheel.parent).strip()
    (Path(own) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return interpreter


def sources() -> set[str]:
    """Return the files of the packages, as they lie in the project."""
    found = {"plankg.py"}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            parts = path.relative_to(ROOT).parts
            if path.is_file() and LEFTOVERS.isdisjoint(parts) and not any(part.startswith(".") for part in parts):
                found.add("/".join(parts))
    return found


def test_the_wheel_holds_all_packages_and_their_data(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == sources()
    for package in PACKAGES[1:]:
        assert f"{package}/__init__.py" in held
    for data in ("ontology/plan.ttl", "ontology/shapes.ttl", "ontology/data/divisions.csv", "corpus/corpus.toml"):
        assert data in held
    assert sum(name.startswith("corpus/") and name.endswith(".txt") for name in held) == 5


def copy_elsewhere(folder: Path) -> Path:
    """Return a copy of what the wheel is made from, with other times and without rights for others."""
    for name in (*PACKAGES, "plankg.py", "pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*LEFTOVERS))
        else:
            shutil.copy(ROOT / name, folder / name)
    for number, path in enumerate(sorted(folder.rglob("*"))):
        path.chmod(0o700 if path.is_dir() else 0o600)
        os.utime(path, (number * 1e6, number * 1e6))
    return folder


def test_the_wheel_is_the_same_each_time(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another folder, time zone, locale, umask, other times of files: and no clock stands in it."""
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    before = os.umask(0o077)
    try:
        again = make_wheel(tmp_path / "out", copy_elsewhere(tmp_path / "elsewhere"))
    finally:
        os.umask(before)
    assert again.name == wheel.name
    assert again.read_bytes() == wheel.read_bytes()
    with zipfile.ZipFile(wheel) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2020, 2, 2, 0, 0, 0)}


def test_the_corpus_is_byte_for_byte_in_the_wheel(wheel: Path) -> None:
    names = sorted(path.name for path in (ROOT / "corpus").iterdir())
    assert len(names) >= 6
    with zipfile.ZipFile(wheel) as archive:
        for name in names:
            assert archive.read(f"corpus/{name}") == (ROOT / "corpus" / name).read_bytes()


def test_what_the_wheel_says_of_itself(wheel: Path) -> None:
    assert wheel.name == f"plankg-{plankg.__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        (entries,) = (name for name in archive.namelist() if name.endswith("/entry_points.txt"))
        said = archive.read(metadata).decode("utf-8")
        assert "plankg = plankg:main" in archive.read(entries).decode("utf-8")
        assert any(name.endswith("/licenses/LICENSE") for name in archive.namelist())
    assert "Requires-Python: >=3.11" in said
    assert "License-Expression: Apache-2.0" in said
    assert "Provides-Extra: ocr" in said


def test_it_runs_in_another_folder(python: Path, tmp_path: Path) -> None:
    code = "import plankg; print(plankg.__file__, plankg.__version__)"
    file, version = run(python, "-c", code, folder=tmp_path).split()
    assert version == plankg.__version__
    assert Path(file).is_relative_to(python.parents[1])


def test_it_reads_its_corpus_and_word_files_in_another_folder(python: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.docx").write_bytes(as_docx(SAMPLE))
    code = (
        "from pathlib import Path; from extract.reading import read_all\n"
        "print([document.meta.district for document in read_all()[0]])\n"
        "print([document.meta.district for document in read_all([Path('plan.docx')])[0]])"
    )
    assert run(python, "-c", code, folder=tmp_path).splitlines() == [
        "['米东区', '乌鲁木齐县', '乌鲁木齐市', '新市区', '伊宁市']",
        "['米东区']",
    ]


def test_the_command_is_installed(python: Path, tmp_path: Path) -> None:
    shown = run(python.with_name("plankg"), "--help", folder=tmp_path)
    assert "build" in shown
    assert "query" in shown
