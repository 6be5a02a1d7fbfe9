"""Other processes of a build: begun as cheaply as the system allows, and ended with the first one.

On Linux a process is forked, so that it has the models and tables of the first one at no cost of
time or memory; but only while no other thread runs that might hold a lock. Elsewhere processes
are spawned, and load for themselves what they need.
"""

import gc
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import BaseContext

from output.folder import leave_claims


def may_fork() -> bool:
    """Return whether a forked process can go on: on Linux, with no thread but this one and a progress bar's."""
    if sys.platform != "linux" or threading.current_thread() is not threading.main_thread():
        return False
    others = (thread for thread in threading.enumerate() if thread is not threading.main_thread())
    return all(type(thread).__module__.partition(".")[0] == "rich" for thread in others)


def context() -> BaseContext:
    """Return how processes are begun here and now."""
    return multiprocessing.get_context("fork" if may_fork() else "spawn")


@contextmanager
def forking() -> Iterator[None]:
    """Begin processes inside of this: newer Pythons warn of any thread, `may_fork` has looked at them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def begin() -> None:
    """Begin a process that has nothing to do with the folder that the first one has claimed, and see `go_on`."""
    leave_claims()
    go_on()


def go_on() -> None:
    """Begin a process: Ctrl-C is left to the first one, which ends the others; when it is killed, end with it."""
    signal.signal(signal.SIGINT, _leave)  # not ignored: programs that this process runs should not ignore it, too
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()  # what is shared with the first process stays so
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _leave(_number: int, _frame: object) -> None:
    """Do nothing about a signal."""


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
