"""How a forked session shuts itself off before a stranger's code runs in it."""

import os

from course_utils.grading import kernel_calls as kernel
from course_utils.grading import landlock, limits

FIRST_PIPE = 200
MOST_FILES = 20_000  # entries in a private folder


def prepare(settings):
    """Readies the warm process before it imports anything.

    Args:
        settings: Dict with `level`, `readable` and `home`.

    Raises:
        OSError: If the kernel refuses.
    """
    if settings["level"] in "AB":
        kernel.prctl(kernel.DUMPABLE, 0)  # nobody looks into the warm process
    if settings["level"] == "B":
        kernel.prctl(kernel.SUBREAPER, 1)  # what a session leaves stays in sight
        landlock.restrict([*settings["readable"], "/proc"], [settings["home"]])


def confine(settings, start):
    """Gives up everything but its pipes; at level A, in namespaces of its own.

    Args:
        settings: Dict with `level`, `nested` and `private`.
        start: Dict of what is particular to this session.

    Raises:
        OSError: If the kernel refuses a step; nothing of a stranger has run then.
    """
    os.setsid()
    if settings["level"] in "AB":
        kernel.prctl(kernel.DUMPABLE, 1)
    limits.apply(limits.Limits(**start["limits"]), start["others"])
    if settings["nested"]:
        _nest(settings["private"], start["limits"]["disk"])
    if settings["level"] == "B":
        landlock.restrict([*settings["readable"], "/proc/self"], [start["home"]])
    os.chdir(start["home"])
    if settings["level"] in "AB":
        kernel.close_bounds(start["capabilities"])
        _become(start["user"])
        kernel.keep_capabilities(start["capabilities"])
        kernel.prctl(kernel.PDEATHSIG, 9)
        kernel.filter_calls(start["filter"].tobytes())


def only(*pipes):
    """Keeps some pipes and closes whatever else is open.

    Args:
        *pipes: Integers.

    Returns:
        List of the same pipes under their new numbers.
    """
    nothing = os.open(os.devnull, os.O_RDWR)
    kept = [os.dup2(pipe, FIRST_PIPE + i, False) for i, pipe in enumerate(pipes)]
    for number in range(3):
        os.dup2(nothing, number)
    os.closerange(3, FIRST_PIPE)
    os.closerange(FIRST_PIPE + len(kept), 1 << 16)
    return kept


def _nest(private, disk):
    """Goes on as the first process of namespaces of its own, with empty folders."""
    user, group = os.getuid(), os.getgid()
    spaces = kernel.NEW_USER | kernel.NEW_PIDS | kernel.NEW_MOUNTS | kernel.NEW_IPC
    kernel.unshare(spaces | kernel.NEW_NET | kernel.NEW_NAMES)
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
            file.write(line)
    child = os.fork()
    if child:  # stays outside, and holds nothing that the child could want
        os.closerange(3, 1 << 16)
        os.waitpid(child, 0)
        os._exit(0)
    kernel.mount(None, "/", kernel.RECURSIVE | kernel.PRIVATE)
    closed = kernel.NO_SETUID | kernel.NO_DEVICES
    kernel.mount("proc", "/proc", closed | kernel.NO_EXEC)
    for folder in private:
        options = f"size={disk},nr_inodes={MOST_FILES},mode=1777"
        kernel.mount("tmpfs", folder, closed, options)


def _become(user):
    """Becomes another user, if told to, so that its processes can be told apart."""
    if user is not None:
        kernel.prctl(kernel.KEEPCAPS, 1)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        kernel.prctl(kernel.DUMPABLE, 1)
