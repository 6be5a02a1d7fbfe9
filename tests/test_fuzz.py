"""Every target of the fuzzer takes its seeds, and the inputs that once broke it."""

import pytest

from tests.fuzz.targets import CASES, TARGETS, cases


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_known_cases_are_read_or_refused(name: str) -> None:
    target = TARGETS[name]
    inputs = [*target.seeds(), *(path.read_bytes() for path in cases(name))]
    read = [target.check(data) for data in inputs]
    assert len(read) >= 2
    assert any(read)


def test_every_folder_of_cases_is_that_of_a_target() -> None:
    assert {path.name for path in CASES.iterdir() if path.is_dir()} <= TARGETS.keys()
