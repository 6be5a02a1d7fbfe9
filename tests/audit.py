"""`python -m tests.audit REPORT.json`: what pip-audit found, and whether it could ask anybody (`make audit`).

pip-audit ends well when its advisory service knows none of the packages, as behind a mirror that serves
files only: then nothing was audited. Here that is a failure (exit code 2); an advisory is one, too (1).
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Audit:
    """Numbers of packages by what was found, and the advisories as lines."""

    asked: int
    skipped: int
    advisories: tuple[str, ...]

    @property
    def code(self) -> int:
        """Return the exit code: 0 audited and nothing found, 1 advisories, 2 not audited."""
        if self.advisories:
            return 1
        return 0 if self.asked and self.skipped == 0 else 2

    def __str__(self) -> str:
        """Return the result in sentences."""
        lines = list(self.advisories)
        if self.advisories:
            lines.append(
                f"{len(self.advisories)} advisories: raise the versions with `make lock UPGRADE=1`, or judge each."
            )
        if self.skipped:
            lines.append(
                f"{self.skipped} of {self.asked + self.skipped} packages were not audited: the advisory service did "
                "not know them or could not be reached. Run `make audit` where it can be."
            )
        if not self.asked and not lines:
            lines.append("Nothing was audited: the report names no package.")
        elif not lines:
            lines.append(f"{self.asked} packages audited, no advisory.")
        return "\n".join(lines)


def read_report(text: str) -> Audit:
    """Return what a report of `pip-audit --format json` says; ValueError when it is none.

    >>> read_report('{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}').code
    0
    """
    try:
        packages: list[dict[str, Any]] = json.loads(text)["dependencies"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"no report of pip-audit ({type(error).__name__}: {error}): {text[:200]!r}") from error
    skipped = sum("skip_reason" in package for package in packages)
    advisories = [
        f"{package['name']} {package['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or 'none'}"
        for package in packages
        for found in package.get("vulns", ())
    ]
    return Audit(len(packages) - skipped, skipped, tuple(sorted(advisories)))


def main() -> None:
    """Print what a report says and exit accordingly."""
    try:
        audit = read_report(Path(sys.argv[1]).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        sys.exit(f"Nothing was audited: {error}")
    print(audit)
    sys.exit(audit.code)


if __name__ == "__main__":
    main()
