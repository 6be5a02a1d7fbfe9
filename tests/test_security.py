"""The page on security names tests and files that exist."""

import re

from tests.cli import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) >= 20
    assert sorted(name for name in named if f"def {name}(" not in written) == []


def test_every_file_that_is_named_exists() -> None:
    named = set(re.findall(r"`((?:tests|output|extract)/[\w./]+)`", PAGE))
    assert len(named) >= 5
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_nothing_that_is_read_is_run() -> None:
    """No module of ours unpickles or evaluates; `np.load` says so in words."""
    calls = re.compile(
        r"\b(?:pickle|marshal|shelve|dill)\b|(?<![.\w])(?:eval|exec)\(|\bnp\.load\((?!.*allow_pickle=False)"
    )
    paths = [p for room in ("extract", "graph", "ontology", "output") for p in (ROOT / room).rglob("*.py")]
    assert len(paths) > 80
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in paths
        if "node_modules" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if calls.search(line)
    ]
    assert found == []
