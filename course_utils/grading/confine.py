"""How a forked session shuts itself off before a stranger's code runs in it."""

import os

from course_utils.grading import kernel_calls as kernel
from course_utils.grading import limits


def prepare_parent(settings):
    """Readies the warm process: it adopts what its sessions leave behind.

    Args:
        settings: Dict with `level`.
    """
    if settings["level"] == "B":
        kernel.prctl(kernel.SUBREAPER, 1)


def confine(requests, responses, settings, start):
    """Gives up everything but two pipes.

    Args:
        requests: Integer, the pipe to read from.
        responses: Integer, the pipe to write to.
        settings: Dict with `level` and `nested`.
        start: Dict with `limits`, a dict, and `filter`, the seccomp program.

    Returns:
        The two pipes under their new numbers.

    Raises:
        OSError: If the kernel refuses a step; nothing of a stranger has run then.
    """
    kernel.prctl(kernel.PDEATHSIG, 9)
    os.setsid()
    pipes = _only(requests, responses)
    limits.apply(limits.Limits(**start["limits"]), start["others"])
    kernel.drop_capabilities()
    kernel.filter_calls(start["filter"].tobytes())
    return pipes


def _only(*pipes):
    """Keeps the pipes and closes whatever else is open."""
    nothing = os.open(os.devnull, os.O_RDWR)
    high = [os.dup2(pipe, 200 + i, inheritable=False) for i, pipe in enumerate(pipes)]
    for number in range(3):
        os.dup2(nothing, number)
    os.closerange(3, 200)
    os.closerange(200 + len(pipes), 1 << 16)
    return high
