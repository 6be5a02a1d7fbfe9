"""`python -m tests.sbom BOM.json`: whether a bill of materials lists what requirements.lock locks (`make sbom`)."""

import json
import re
import sys
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name

from tests.cli import ROOT

_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)(?: ; ([^\\]+?))?(?: \\)?$", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


def locked(text: str, *, here: bool = False) -> dict[str, set[str]]:
    """Return the versions of each package in a lock file; `here` leaves out what this system does not need.

    >>> locked('a-b==1.0 ; python_version < "3" \\\\\\n    --hash=sha256:0\\n')
    {'a-b': {'1.0'}}
    """
    found: dict[str, set[str]] = {}
    for name, version, marker in _LOCKED.findall(text):
        if not here or not marker or Marker(marker).evaluate():
            found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def unhashed(text: str) -> list[str]:
    """Return the packages of a lock file that no hash follows."""
    starts = [match.start() for match in _LOCKED.finditer(text)]
    parts = [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    return [part.split("==")[0] for part in parts if not _HASH.search(part)]


def differences(bom: str, lock: str) -> list[str]:
    """Return what is locked for this system and not listed, or listed in a version that is not locked."""
    listed = {canonicalize_name(item["name"]): item["version"] for item in json.loads(bom)["components"]}
    wanted = locked(lock, here=True)
    missing = [f"{name} is locked but not listed" for name in wanted if name not in listed]
    others = [
        f"{name} {version} is listed but not locked"
        for name, version in listed.items()
        if version not in wanted.get(name, ()) and name not in ("pip", "setuptools", "plankg")
    ]
    return sorted([*missing, *others])


def main() -> None:
    """Compare a bill of materials with the lock file; exit with 1 when they differ."""
    bom = Path(sys.argv[1]).read_text(encoding="utf-8")
    found = differences(bom, (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    print("\n".join(found) or f"{len(json.loads(bom)['components'])} packages are listed, as they are locked.")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
