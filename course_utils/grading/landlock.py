"""Landlock, which closes files and network to a process without any privilege.

https://docs.kernel.org/userspace-api/landlock.html
"""

import ctypes
import os
import struct

from course_utils.grading import kernel_calls as kernel

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
OLDEST = 6  # the first that also keeps signals and abstract sockets inside
PATH_BENEATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_FOLDER = 1, 2, 4, 8
ALL_OF_FILES = (1 << 16) - 1
READ = EXECUTE | READ_FILE | READ_FOLDER
DEVICES = 1 << 15  # ioctl on them
OF_ONE_FILE = EXECUTE | WRITE_FILE | READ_FILE | 1 << 14 | DEVICES
ALL_OF_NETWORK = 3  # TCP: bind and connect
ALL_OF_SCOPES = 3  # abstract sockets and signals
DEVICE_FILES = ("null", "zero", "full", "random", "urandom")


def version():
    """Returns the version of Landlock that this kernel has, 0 for none."""
    return max(0, kernel.LIBC.syscall(CREATE_RULESET, None, 0, 1))


def restrict(readable, writable):
    """Closes everything but these folders, for good and for all children.

    Args:
        readable: List of paths that can be read and executed.
        writable: List of folders that can be read and written.

    Raises:
        OSError: If the kernel refuses or is too old.
    """
    if version() < OLDEST:
        raise OSError(f"Expected Landlock {OLDEST} or later. Received: {version()}")
    closed = struct.pack("QQQ", ALL_OF_FILES, ALL_OF_NETWORK, ALL_OF_SCOPES)
    ruleset = kernel.check(kernel.LIBC.syscall(CREATE_RULESET, closed, len(closed), 0))
    for path in readable:
        _allow(ruleset, path, READ)
    for path in writable:
        _allow(ruleset, path, ALL_OF_FILES & ~(EXECUTE | DEVICES))
    for name in DEVICE_FILES:
        _allow(ruleset, f"/dev/{name}", READ_FILE | WRITE_FILE)
    kernel.prctl(kernel.NO_NEW_PRIVS, 1)
    kernel.check(kernel.LIBC.syscall(RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)


def _allow(ruleset, path, rights):
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    if not os.path.isdir(path):
        rights &= OF_ONE_FILE
    rule = ctypes.create_string_buffer(struct.pack("=Qi", rights, beneath))
    kernel.check(kernel.LIBC.syscall(ADD_RULE, ruleset, PATH_BENEATH, rule, 0))
    os.close(beneath)
