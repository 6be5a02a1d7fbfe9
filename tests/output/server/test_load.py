"""Many clients for a short while; the long run is `python -m tests.load`."""

from tests.load import load
from tests.output.server.conftest import Running


def test_many_clients_are_answered_without_error(server: Running) -> None:
    load(server, 50, 1.0)  # every thread and worker has been busy once
    outcome = load(server, 50, 3.0)
    assert outcome.errors == []
    assert len(outcome.seconds) >= 50
    assert outcome.growth < 0.1
    assert "0 errors" in str(outcome)
