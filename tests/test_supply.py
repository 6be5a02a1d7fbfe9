"""What plankg is made of: the lock files, the reading of audits and of the bill of materials."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.audit import read_report
from tests.cli import ROOT
from tests.sbom import differences, locked, unhashed

USERS, TESTS = "requirements.lock", "requirements-test.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "extras"), [(USERS, ["mcp", "ocr", "serve", "tables"]), (TESTS, ["test"])])
def test_every_requirement_is_locked_at_a_version_that_it_allows(name: str, extras: list[str]) -> None:
    """When this fails: `make lock`."""
    found = locked(read(name))
    wanted = [Requirement(line) for line in PROJECT["dependencies"]]
    wanted += [Requirement(line) for extra in extras for line in PROJECT["optional-dependencies"][extra]]
    assert len(wanted) > 15
    for requirement in wanted:
        versions = found.get(canonicalize_name(requirement.name), set())
        assert versions, requirement
        assert all(requirement.specifier.contains(Version(version)) for version in versions), requirement


def test_tests_run_with_the_versions_that_users_get() -> None:
    users, tests = locked(read(USERS)), locked(read(TESTS))
    shared = users.keys() & tests.keys()
    assert len(shared) > 60
    assert [name for name in sorted(shared) if users[name] != tests[name]] == []


@pytest.mark.parametrize("name", [USERS, TESTS])
def test_every_file_has_its_hash_and_no_registry_is_named(name: str) -> None:
    text = read(name)
    assert len(locked(text)) > 80
    assert unhashed(text) == []
    assert "://" not in text
    assert "--index" not in text


def report(*packages: dict[str, object]) -> str:
    return json.dumps({"dependencies": list(packages), "fixes": []})


FINE = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"], "aliases": []}]}
UNKNOWN = {"name": "c", "skip_reason": "Dependency not found on PyPI and could not be audited: c (1)"}
AUDITS = [
    (report(FINE), 0, "1 packages audited, no advisory."),
    (report(FINE, BAD), 1, "b 2: PYSEC-1, mended in 3"),
    (report(UNKNOWN, UNKNOWN), 2, "2 of 2 packages were not audited"),
    (report(FINE, UNKNOWN), 2, "1 of 2 packages were not audited"),
    (report(BAD, UNKNOWN), 1, "1 of 2 packages were not audited"),
    (report(), 2, "Nothing was audited"),
]


@pytest.mark.parametrize(("text", "code", "said"), AUDITS)
def test_an_audit_that_asked_nobody_is_no_success(text: str, code: int, said: str) -> None:
    audit = read_report(text)
    assert audit.code == code
    assert said in str(audit)


def test_an_audit_that_broke_off_says_so(tmp_path: Path) -> None:
    path = tmp_path / "audit.json"
    path.write_text("", encoding="utf-8")
    for given in (path, tmp_path / "missing.json"):
        done = subprocess.run(
            [sys.executable, "-m", "tests.audit", str(given)], cwd=ROOT, capture_output=True, text=True
        )
        assert done.returncode == 1
        assert done.stderr.startswith("Nothing was audited: ")
        assert "Traceback" not in done.stderr


def test_a_bill_of_materials_is_compared_with_the_lock() -> None:
    lock = "a==1 \\\n    --hash=sha256:0\nb==2 ; sys_platform == 'nowhere' \\\n    --hash=sha256:0\n"

    def bom(**versions: str) -> str:
        return json.dumps({"components": [{"name": name, "version": version} for name, version in versions.items()]})

    assert differences(bom(A="1", pip="9"), lock) == []
    assert differences(bom(a="2"), lock) == ["a 2 is listed but not locked"]
    assert differences(bom(c="1"), lock) == ["a is locked but not listed", "c 1 is listed but not locked"]
