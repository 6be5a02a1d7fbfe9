"""What the commands put on the terminal: a progress bar, and text that cannot command it."""

import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from output.building import Progress, silent


def harmless(line: str) -> str:
    """Return a line without the characters by which a document could steer a terminal.

    >>> harmless("  米东区\\x1b[2J")
    '  米东区�[2J'
    """
    return "".join("�" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co") else c for c in line)


def printable(text: str) -> str:
    """Return `text` on one line, spaces and line breaks collapsed, and harmless.

    >>> printable("米东区\\n\\n规划")
    '米东区 规划'
    """
    return harmless(" ".join(text.split()))


def complain(sentence: str) -> None:
    """Print why something failed as one line on standard error."""
    typer.echo(f"plankg: {printable(sentence)}", err=True)


@contextmanager
def progress_bar(*, hidden: bool = False) -> Iterator[Progress]:
    """Yield a function that moves the bar; it does nothing where standard error is no terminal."""
    if hidden or not sys.stderr.isatty():
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def report(step: str, done: int, total: int) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield report
