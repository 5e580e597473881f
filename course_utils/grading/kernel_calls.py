"""System calls that Python has no word for: namespaces, capabilities, seccomp."""

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)
NEW_USER, NEW_MOUNTS, NEW_PIDS = 0x10000000, 0x00020000, 0x20000000
NEW_IPC, NEW_NET, NEW_NAMES = 0x08000000, 0x40000000, 0x04000000
NO_SETUID, NO_DEVICES, NO_EXEC = 2, 4, 8
RECURSIVE, PRIVATE = 1 << 14, 1 << 18
PDEATHSIG, DUMPABLE, KEEPCAPS, SECCOMP, CAPBSET_DROP = 1, 4, 8, 22, 24
SUBREAPER, NO_NEW_PRIVS, AMBIENT = 36, 38, 47
AMBIENT_RAISE, AMBIENT_CLEAR = 2, 4
DAC_READ_SEARCH = 2


def check(result):
    """Raises what the last system call met, if it failed.

    Raises:
        OSError: If `result` is -1.
    """
    if result == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def prctl(what, *values):
    """Calls prctl(2).

    Raises:
        OSError: If the kernel refuses.
    """
    values = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    return check(LIBC.prctl(what, *values))


def unshare(flags):
    """Moves this process into namespaces of its own.

    Raises:
        OSError: If the kernel refuses.
    """
    check(LIBC.unshare(flags))


def mount(kind, folder, flags, options=""):
    """Mounts a new file system on a folder.

    Raises:
        OSError: If the kernel refuses.
    """
    kind = kind.encode() if kind else None
    check(LIBC.mount(kind, folder.encode(), kind, flags, options.encode()))


def close_bounds(numbers=()):
    """Makes sure that no program run from here gains a privilege.

    Args:
        numbers: Capabilities that one may still have.

    Raises:
        OSError: If the kernel refuses.
    """
    prctl(NO_NEW_PRIVS, 1)
    for number in set(range(64)) - set(numbers):
        try:
            prctl(CAPBSET_DROP, number)
        except OSError:  # no such capability, or none that is ours to drop
            continue


def keep_capabilities(numbers=()):
    """Gives up every privilege that root would have, but these, for good.

    Args:
        numbers: Capabilities that stay, here and in programs run from here.

    Raises:
        OSError: If the kernel refuses.
    """
    prctl(AMBIENT, AMBIENT_CLEAR)
    kept = sum(1 << number for number in numbers)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    check(LIBC.capset(header, (ctypes.c_uint32 * 6)(kept, kept, kept, 0, 0, 0)))
    for number in numbers:
        prctl(AMBIENT, AMBIENT_RAISE, number)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


def filter_calls(program):
    """Loads a seccomp filter, for good and for all children.

    Args:
        program: Bytes, the compiled filter.

    Raises:
        OSError: If the kernel refuses.
    """
    loaded = _Program(len(program) // 8, program)
    check(LIBC.prctl(SECCOMP, 2, ctypes.byref(loaded), 0, 0))
