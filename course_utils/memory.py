"""Tells whether other notebooks hold the memory that this one needs."""

import contextlib
import sys

import psutil

MUCH = 300e6  # bytes; a kernel that has imported Keras holds more


def warn_of_other_kernels(much=MUCH):
    """Prints a sentence if other kernels hold much memory, and nothing otherwise.

    It goes to standard error: that is never stored with a notebook, nor compared.

    Args:
        much: Number of bytes; kernels that hold less are left out.
    """
    said = sentence(other_kernels(much))
    if said:
        print(said, file=sys.stderr)


def other_kernels(much=MUCH):
    """Finds the Python kernels that the server of this notebook started besides ours.

    Args:
        much: Number of bytes; kernels that hold less are left out.

    Returns:
        Dict from the number of a process to the bytes it holds.
    """
    mine, held = psutil.Process(), {}
    parent = mine.parent()
    for process in parent.children() if parent else ():
        # It may end while we look, or belong to someone else.
        with contextlib.suppress(psutil.Error):
            if process != mine and any("ipykernel" in s for s in process.cmdline()):
                held[process.pid] = process.memory_info().rss
    return {pid: bytes for pid, bytes in held.items() if bytes >= much}


def sentence(kernels):
    """Says what other kernels hold, and what to do.

    Args:
        kernels: Dict, what `other_kernels` returns.

    Returns:
        String, empty if there are none.
    """
    if not kernels:
        return ""
    who = "1 kernel" if len(kernels) == 1 else f"{len(kernels)} kernels"
    held = sum(kernels.values()) / 1e9
    return (
        f"Other notebooks hold {held:.1f} GB of memory ({who}). If you do not need "
        "them, choose Kernel → Shut Down All Kernels, and run this notebook from the "
        "top."
    )
