"""`plankg ask` with a question in free words."""

from pathlib import Path

import pytest

from tests.cli import command

Capture = pytest.CaptureFixture[str]


def test_a_free_question_says_what_it_was_taken_for(built: Path, capfd: Capture) -> None:
    done = command(capfd, "ask", "新市区发展哪些产业？", "--format", "csv", "-g", built)
    assert done.code == 0
    assert "新市区发展哪些产业？ (district-industries)" in done.err
    named = command(capfd, "ask", "district-industries", "--district", "新市区", "--format", "csv", "-g", built)
    assert done.out == named.out


def test_options_go_before_what_was_understood(built: Path, capfd: Capture) -> None:
    done = command(capfd, "ask", "新市区发展哪些产业？", "--district", "米东区", "--format", "csv", "-g", built)
    named = command(capfd, "ask", "district-industries", "--district", "米东区", "--format", "csv", "-g", built)
    assert (done.code, done.out) == (0, named.out)


def test_a_free_question_that_none_fits(built: Path, capfd: Capture) -> None:
    done = command(capfd, "ask", "今天天气怎么样", "-g", built)
    assert (done.code, done.out) == (1, "")
    assert "no ready question fits '今天天气怎么样'" in done.err
    assert "plankg examples" in done.err
