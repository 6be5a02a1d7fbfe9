"""What a worker process gives up before it takes a query: memory without end, and every socket.

A query that names another host (`SERVICE`) is refused by its text already. Should a text ever get
past that, the kernel refuses the socket: a seccomp filter (Linux on x86-64 and ARM64) lets every
system call through but those that open one.
"""

import ctypes
import errno
import platform
import struct
import sys

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER_AT, _MACHINE_AT = 0, 4  # places in struct seccomp_data
_IO_URING_SETUP = 425  # the same everywhere; a ring could open a socket
_X32 = 0x40000000  # numbers of x86-64's second way to call, which nothing here uses

# Machine: its audit number, and those of socket() and socketpair().
_MACHINES = {"x86_64": (0xC000003E, 41, 53), "aarch64": (0xC00000B7, 198, 199)}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def confine(memory: int) -> bool:
    """Limit this process for good; return whether the kernel refuses it sockets from now on.

    `memory` is its address space in bytes at most. Where the system has no such limits, nothing happens.
    """
    if sys.platform == "win32":
        return False
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere address space is no measure of memory
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        return _without_sockets()
    return False


def _without_sockets() -> bool:
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    program = _program(*machine)
    buffer = ctypes.create_string_buffer(program, len(program))
    filter_ = _Program(len(program) // 8, ctypes.addressof(buffer))
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(library.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(filter_), 0, 0) == 0)


def _program(machine: int, *forbidden: int) -> bytes:
    """Return the filter in the kernel's own little language (BPF)."""
    numbers = [*forbidden, _IO_URING_SETUP]
    refuse = len(numbers) + 2  # distance from the first test to the refusal
    lines = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_EQUAL, 0, refuse + 1, machine),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_AT_LEAST, refuse - 1, 0, _X32),
        *((_EQUAL, refuse - 2 - place, 0, number) for place, number in enumerate(numbers)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)
