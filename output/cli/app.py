"""The command line: its commands, and how every failure becomes one sentence and an exit code.

Exit codes: 0 done, 1 failed (the sentence on standard error says why and what to do), 2 wrong
usage, 130 interrupted. Commands import what they need when they run, so that `--help` is quick.
"""

import os
import sys
from typing import Annotated, NoReturn

import typer

from output.cli import (
    ask,
    build,
    evaluate,
    export,
    extract,
    mcp,
    outline,
    push,
    query,
    review,
    serve,
    show,
    synth,
    verify,
)
from output.cli.terminal import complain

_INTERRUPTED = 130
_STOPPED = "interrupted; nothing half-written was kept"

app = typer.Typer(
    name="plankg",
    help="Build, query and check knowledge graphs from Chinese planning documents (规划知识图谱).",
    epilog="Start with: plankg build    then open plankg-out/network.html and try: plankg examples",
    no_args_is_help=True,
    rich_markup_mode=None,  # plain help needs no rich, whose import takes longer than everything else
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)

for module in (build, extract, outline, show, query, ask, serve, mcp, export, push, review, evaluate, synth, verify):
    module.register(app)
for info in app.registered_commands:
    info.short_help = (info.callback.__doc__ or "").split("\n\n")[0] if info.callback else None  # whole, not cut at 45


def _version(wanted: bool) -> None:
    if wanted:
        from plankg import __version__

        typer.echo(f"plankg {__version__}")
        raise typer.Exit


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    """Build, query and check knowledge graphs from Chinese planning documents (规划知识图谱)."""


def run(arguments: list[str] | None = None) -> NoReturn:
    """Run one command and exit the process with its code; never shows a traceback.

    With the environment variable PLANKG_DEBUG set, an unforeseen error is raised as it is.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's: a build has a process for each core
    _prepare_streams()
    sys.exit(execute(arguments))


def execute(arguments: list[str] | None) -> int:
    """Run one command and return its exit code; prints what it has to say."""
    try:
        app(arguments)
    except KeyboardInterrupt:
        return _complain(_STOPPED, _INTERRUPTED)
    except SystemExit as stop:
        # Typer turns a Ctrl-C inside a command into this code, and says nothing.
        if stop.code == _INTERRUPTED:
            return _complain(_STOPPED, _INTERRUPTED)
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BrokenPipeError:
        # The reader (`| head`) has seen enough; keep Python from complaining when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _failed(error)
    return 0


def _failed(error: Exception) -> int:
    """Print an error as a sentence and return the exit code."""
    from extract.errors import PlankgError

    if isinstance(error, PlankgError):
        return _complain(str(error))
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename is not None else ""
        return _complain(f"{where}{error.strerror or error}; check the path, its permissions and the free space")
    if isinstance(error, MemoryError):
        return _complain("there is not enough memory for this; give fewer or smaller documents")
    if os.environ.get("PLANKG_DEBUG"):
        raise error
    return _complain(
        f"this should not have happened ({type(error).__name__}: {error}); "
        "run it again with PLANKG_DEBUG=1 and report what it prints"
    )


def _complain(sentence: str, code: int = 1) -> int:
    complain(sentence)
    return code


def _prepare_streams() -> None:
    """Write UTF-8 whatever the locale, and take a polite request to stop like Ctrl-C."""
    import signal

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")

    def stop(number: int, frame: object) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
