"""How much one submission may use. The defaults let TensorFlow train."""

import resource
from dataclasses import dataclass

MEGABYTE = 1 << 20
GIGABYTE = 1 << 30


@dataclass(frozen=True)
class Limits:
    """What one session may use before it is ended.

    Args:
        wall: Seconds for all cells of a submission together.
        memory: Bytes that all its processes may hold together.
        address_space: Bytes of addresses of one process; TensorFlow needs 4 GiB.
        processes: Integer, processes and threads together.
        file: Bytes of one file.
        disk: Bytes of all files together, in each writable folder.
        open_files: Integer, open files of one process.
        threads: Integer, threads that TensorFlow computes with.
        text: Characters kept of what one cell prints.
        output: Bytes of everything that the cells show, pictures included.
    """

    wall: float = 600.0
    memory: int = 3 * GIGABYTE
    address_space: int = 6 * GIGABYTE
    processes: int = 128
    file: int = 64 * MEGABYTE
    disk: int = 256 * MEGABYTE
    open_files: int = 512
    threads: int = 2
    text: int = 20_000
    output: int = 16 * MEGABYTE


def apply(limits, others=0):
    """Sets the limits that the kernel enforces on this process and its children.

    Args:
        limits: `Limits`.
        others: Integer, processes of this user that run already and are counted
            too; zero in a user namespace of our own.
    """
    for name, most in {
        "RLIMIT_AS": limits.address_space,
        "RLIMIT_NPROC": limits.processes + others,
        "RLIMIT_FSIZE": limits.file,
        "RLIMIT_NOFILE": limits.open_files,
        "RLIMIT_CORE": 0,
        "RLIMIT_MSGQUEUE": 0,
        "RLIMIT_MEMLOCK": 64 * 1024,
    }.items():
        kind = getattr(resource, name, None)  # not every system knows all of them
        if kind is not None:
            hard = resource.getrlimit(kind)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (most, most))
