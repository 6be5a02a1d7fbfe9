"""Numbers of parts that several processes share out among themselves."""

import os
from collections.abc import Iterator

ENDED = "a process that writes was ended from outside, perhaps for lack of memory; try again with --jobs 1"


class PartQueue:
    """Numbers (0 to 255) in a pipe: whichever process is free takes the next one.

    To read one byte needs no lock that a process which is killed could keep.
    """

    def __init__(self) -> None:
        self.reader, self._writer = os.pipe()

    def put(self, part: int) -> None:
        """Add a number."""
        os.write(self._writer, bytes([part]))

    def put_no_more(self) -> None:
        """Let what is taken end here and elsewhere; every process that could put has to say it."""
        if self._writer >= 0:
            os.close(self._writer)
            self._writer = -1

    def taken(self) -> Iterator[int]:
        """Yield numbers until there are no more."""
        return taken_from(self.reader)

    def close(self) -> None:
        """Give back the pipe."""
        self.put_no_more()
        os.close(self.reader)


def taken_from(reader: int) -> Iterator[int]:
    """Yield the numbers that are read from the pipe until there are no more."""
    while part := os.read(reader, 1):
        yield part[0]
