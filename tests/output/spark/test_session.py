"""What is told where Spark cannot run, or fails."""

import sys
from pathlib import Path

import pytest

from extract.errors import PlankgError
from output.spark.session import failure, session


def test_without_java_the_fix_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(PlankgError, match="Spark needs Java 17 or newer; install it"), session("local[1]"):
        pass


def test_without_pyspark_the_fix_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(PlankgError, match=r"pip install 'plankg\[spark\]'"), session("local[1]"):
        pass


def test_an_error_of_spark_comes_down_to_its_cause() -> None:
    trace = (
        "An exception was thrown from the Python worker:\n  File x.py\nTraceback (most recent call last):\n"
        "ValueError: span 3..9 outside a text of 5 characters\n\tat org.apache.spark.Foo(Foo.scala:1)\n"
    )
    assert failure(RuntimeError(trace)) == "ValueError: span 3..9 outside a text of 5 characters"
    assert failure(RuntimeError("[PATH] nothing there\nmore")) == "[PATH] nothing there"
