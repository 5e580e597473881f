"""Gives memory back, and tells whether other notebooks hold what this one needs."""

import contextlib
import ctypes
import gc
import sys

MUCH = 300e6  # bytes; a kernel that has imported Keras holds more
LARGE = 16 << 20  # bytes; 10,000 pictures of 28×28 have 31 million
SPARE = 64 << 20  # bytes; more than what a step of our convolutions frees
HEAPS = 2  # from which threads take memory, each with its own spare
MMAP_THRESHOLD, TOP_PAD, ARENA_MAX = -3, -2, -8  # what mallopt(3) calls them


def tune_the_allocator():
    """Tells the C library of Linux what to give back to the system, and what to keep.

    Arrays of 16 MB and more go back as soon as they are freed; it would keep those
    below 32 MB for later: 190 MB in lesson 04. Up to 64 MB of smaller ones stay for
    the next step of a training. It would give them back and fetch them again page by
    page, 17 MB a step, which made convolutions take 1.5 times as long. And threads
    share two heaps; each of eight would keep its own spare. A notebook's kernel has
    ten before it imports us: `make lab` and Binder say the same with
    `MALLOC_ARENA_MAX`, which saves 160 MB in lesson 14.

    TensorFlow undoes the first (`ApplyPython311MemoryPatch`: all of 128 kB and more
    go back) when it first reads batches from Python. Call it again after that.
    """
    _c_library("mallopt", MMAP_THRESHOLD, LARGE)
    _c_library("mallopt", TOP_PAD, SPARE)
    _c_library("mallopt", ARENA_MAX, HEAPS)


def free():
    """Frees what nobody holds, such as earlier models, and gives it back."""
    gc.collect()  # Keras ties a model and its parts in circles
    _c_library("malloc_trim", 0)  # 180 MB in lesson 04


def _c_library(name, *arguments):
    """Calls a function that the C library of Linux has, and others may not."""
    with contextlib.suppress(AttributeError, OSError, TypeError):
        getattr(ctypes.CDLL(None), name)(*arguments)


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
    import psutil  # only lesson 00 needs it

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
