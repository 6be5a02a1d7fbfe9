"""docs/server.md names what the server does: statuses, media types, paths."""

import re

from output.server.media import GRAPHS, TABLES
from output.server.operations import OPERATIONS
from tests.cli import ROOT
from tests.output.server.conftest import Running
from tests.output.server.test_attacks import ATTACKS

PAGE = (ROOT / "docs" / "server.md").read_text(encoding="utf-8")


def test_the_page_names_what_is_served() -> None:
    words = [medium.type for medium in (*TABLES, *GRAPHS)] + [operation.path for operation in OPERATIONS]
    assert [word for word in words if f"`{word}" not in PAGE] == []
    statuses = {str(status) for attack in ATTACKS for status in attack.statuses} - {"200"} | {"405", "406", "408"}
    assert [status for status in sorted(statuses) if f"| {status} |" not in PAGE] == []


def test_the_pages_query_finds_something(server: Running) -> None:
    (query,) = re.findall(r"'query=(.*)'", PAGE)
    assert len(server.query(query, "text/csv").text.splitlines()) > 1
