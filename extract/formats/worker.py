"""Conversion of one file in a process of its own, with limits of time and memory.

PDF, Word and HTML parsers are large programs in C that meet hostile input here. Run apart, the
worst that a file can do is to end that process; the caller gets a clear error either way.
"""

import json
import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

from extract.errors import DocumentDamagedError, DocumentEmptyError, DocumentError, DocumentTooLargeError
from extract.formats.limits import (
    CONVERT_MEMORY,
    CONVERT_SECONDS,
    MAX_CONVERT_SECONDS,
    OCR_MEMORY,
    OCR_SECONDS_PER_PAGE,
)

_ROOT = str(Path(__file__).resolve().parents[2])
_BOOT = "from extract.formats.worker import main; main()"
_DAMAGED, _LARGE = "damaged", "large"
# Wall-clock seconds for each second of processor time: other work may slow the machine down. Where
# the system limits processor time, only a process that sleeps ever needs this second limit.
_BUSY = 2 if sys.platform == "win32" else 15


class Answer(TypedDict, total=False):
    """What the other process writes: either an error with its kind, or the text.

    `scanned` counts the pages that are pictures of text, when most are.
    """

    error: str
    problem: str
    text: str
    pages: list[int]
    warnings: list[str]
    scanned: int


def convert(kind: str, data: bytes, name: str) -> Answer:
    """Return the answer (text, pages, warnings) for a "docx", "html" or "pdf" file.

    A scanned PDF is recognised when the extra `plankg[ocr]` is installed.
    Raises `DocumentDamagedError`, `DocumentEmptyError` or `DocumentTooLargeError`.
    """
    answer = _run(kind, data, name, _seconds(data), CONVERT_MEMORY)
    if scanned := answer.get("scanned", 0):
        if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
            raise DocumentEmptyError(
                name,
                "has no text, its pages are scanned pictures; install text recognition with "
                "pip install 'plankg[ocr]' and run again",
            )
        answer = _run("ocr", data, name, _seconds(data) + scanned * OCR_SECONDS_PER_PAGE, OCR_MEMORY)
    return answer


def _seconds(data: bytes) -> int:
    return min(CONVERT_SECONDS * (1 + (len(data) >> 20)), MAX_CONVERT_SECONDS)


def _run(kind: str, data: bytes, name: str, seconds: int, memory: int) -> Answer:
    path = os.pathsep.join([entry for entry in sys.path if entry] + [_ROOT])
    command = [sys.executable, "-P", "-c", _BOOT, kind, str(seconds), str(memory)]
    try:
        done = subprocess.run(
            command,
            input=data,
            capture_output=True,
            timeout=seconds * _BUSY,
            check=False,
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        )
    except subprocess.TimeoutExpired:
        raise _too_slow(name, seconds) from None
    if done.returncode:
        raise _ended(done.returncode, done.stderr, name, seconds, memory)
    answer: Answer = json.loads(done.stdout)
    if "error" in answer:
        error = DocumentTooLargeError if answer["error"] == _LARGE else DocumentDamagedError
        raise error(name, answer["problem"])
    return answer


def _ended(code: int, stderr: bytes, name: str, seconds: int, memory: int) -> DocumentError:
    """Return the error for a conversion that ended without an answer."""
    if code == -getattr(signal, "SIGXCPU", 0):
        return _too_slow(name, seconds)
    if code == -getattr(signal, "SIGKILL", 0) or b"MemoryError" in stderr or b"bad_alloc" in stderr:
        return DocumentTooLargeError(
            name,
            f"needs more than {memory >> 20} MB of memory to be read; it may be damaged: save it again, or split it",
        )
    if code < 0:
        problem = f"is damaged, or needs more than {memory >> 20} MB of memory (its reader ended with signal {-code})"
    else:
        problem = "is damaged in a way that its reader does not know"
    return DocumentDamagedError(name, f"{problem}; save it again or as another format")


def _too_slow(name: str, seconds: int) -> DocumentError:
    return DocumentTooLargeError(
        name, f"takes longer than {seconds} seconds to be read; it may be damaged: save it again, or split it"
    )


def main() -> None:
    """Convert standard input to an `Answer` on standard output; run by `convert` in a new process.

    Arguments: the kind, processor seconds, bytes of address space.
    """
    kind, seconds, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    _limit(seconds, memory)
    data = sys.stdin.buffer.read()
    try:
        answer = _answer(kind, data)
    except MemoryError:
        answer = {"error": _LARGE, "problem": f"needs more than {memory >> 20} MB of memory to be read; split it"}
    except RecursionError:
        answer = {"error": _DAMAGED, "problem": "nests its elements too deeply to be read; save it as another format"}
    sys.stdout.write(json.dumps(answer))


def _limit(seconds: int, memory: int) -> None:
    """Set the limits of this process, where the system knows them (not on Windows)."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    if sys.platform != "darwin":  # which refuses the limit of address space
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _answer(kind: str, data: bytes) -> Answer:
    from extract.formats.writing import DamagedError, OverLimitError

    try:
        # Only the parser that is needed is loaded: each takes longer than most files.
        if kind == "docx":
            from extract.formats import docx

            return {"text": docx.convert(data)}
        if kind == "html":
            from extract.formats import html

            return {"text": html.convert(data.decode())}
        from extract.formats import pdf

        return pdf.convert(data, recognise=kind == "ocr")
    except OverLimitError as error:
        return {"error": _LARGE, "problem": str(error)}
    except DamagedError as error:
        return {"error": _DAMAGED, "problem": str(error)}
