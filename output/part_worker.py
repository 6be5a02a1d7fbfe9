"""A process that writes parts of a large graph's Turtle: `python -m output.part_worker FOLDER BASE PIPE`.

It is begun anew and not forked: a forked one would keep the graph in memory as it was, beside the
first process's, in which every look at a value writes its count of references.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extract.errors import PlankgError
from output.part_queue import ENDED, PartQueue, taken_from

_ROOT = str(Path(__file__).resolve().parents[1])


@contextmanager
def part_worker(folder: Path, base: str, queue: PartQueue) -> Iterator[None]:
    """Let another process take parts from the queue, too; on leaving, wait until it has written them.

    Raises:
        OSError: it could not write a file.
        PlankgError: it was ended from outside.
    """
    path = os.pathsep.join([entry for entry in sys.path if entry] + [_ROOT])
    env = {**os.environ, "PYTHONPATH": path}  # and not the folder that the user is in, where anything may lie
    command = [sys.executable, "-P", "-m", "output.part_worker", str(folder), base, str(queue.reader)]
    with subprocess.Popen(
        command,
        pass_fds=[queue.reader],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env=env,
    ) as child:
        try:
            yield
            queue.put_no_more()
            told, _ = child.communicate()
        except BaseException:
            child.kill()
            raise
    if child.returncode:
        if told:
            raise OSError(*json.loads(told))
        raise PlankgError(ENDED)


def main() -> None:
    """Write the parts that are taken from the pipe; say on standard output why that failed."""
    from output.turtle_parts import TurtleParts

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is left to the first process: its pipe ends with it
    folder, base, reader = sys.argv[1:]
    parts = TurtleParts(base, Path(folder))
    try:
        for part in taken_from(int(reader)):
            parts.write(part)
    except OSError as error:
        print(json.dumps([error.errno, error.strerror, str(error.filename or folder)]))
        sys.exit(1)


if __name__ == "__main__":
    main()
