"""The command line that starts a sandbox at level A: what is seen, what is private."""

import os
import shutil
import sys
from pathlib import Path

import course_utils

HOME = "/submission"
FIRST_UID = 61000
NAMESPACES = """
    --unshare-user --uid 1000 --gid 1000 --unshare-pid --as-pid-1 --unshare-ipc
    --unshare-uts --unshare-cgroup-try --unshare-net --hostname sandbox --new-session
"""
ROOTS = ("bin", "sbin", "lib", "lib32", "lib64")
SETTINGS = ("ld.so.cache", "localtime", "fonts", "alternatives", "mime.types")
MISSING = "bubblewrap is not installed. Install it with: apt-get install bubblewrap"


def folders(cache=None):
    """Returns the folders that a submission can read, at their own places.

    Args:
        cache: `Path` of the kit's data cache, or None.

    Returns:
        List of `Path`: Python, its packages, the kit, the cache.
    """
    python = Path(sys.executable).resolve().parents[1]
    kit = Path(course_utils.__file__).parent
    wanted = [Path("/usr"), Path(sys.base_prefix), python, Path(sys.prefix), kit]
    wanted += [Path(cache).absolute()] if cache else []
    found = []
    for folder in wanted:
        if not any(folder.is_relative_to(other) for other in found):
            found.append(folder)
    return found


def readable(cache=None):
    """Returns everything that a submission can read at level B.

    Args:
        cache: `Path` of the kit's data cache, or None.

    Returns:
        List of str.
    """
    system = [f"/{name}" for name in ROOTS] + [f"/etc/{name}" for name in SETTINGS]
    told = [f"/proc/{name}" for name in ("cpuinfo", "meminfo", "stat", "filesystems")]
    return [*map(str, folders(cache)), *system, *told]


def private(cache=None):
    """Returns the folders that each submission has for itself, empty at first."""
    taken = any(folder.is_relative_to("/tmp") for folder in folders(cache))
    return [HOME, "/dev/shm"] + ([] if taken else ["/tmp"])


def environment(limits, home, cache=None):
    """Returns all environment variables that a submission sees.

    Args:
        limits: `Limits`.
        home: String, where it may write.
        cache: `Path` of the kit's data cache, or None.

    Returns:
        Dict from str to str; nothing is taken from the grader's.
    """
    threads = str(limits.threads)
    found = {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": home,
        "TMPDIR": home,
        "USER": "student",
        "LANG": "C.UTF-8",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_ENABLE_ONEDNN_OPTS": "0",
        "CUDA_VISIBLE_DEVICES": "-1",
        "OMP_NUM_THREADS": threads,
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_NUM_INTEROP_THREADS": threads,
        "OPENBLAS_NUM_THREADS": "1",  # its threads would not survive a fork
        "COURSE_DIGITS": "strokes",
    }
    return found | ({"COURSE_CACHE": str(Path(cache).absolute())} if cache else {})


def command(program, limits, cache=None, slot=0):
    """Returns the command line that runs a program isolated.

    Root first becomes an ordinary user, in a view of the files where that user can
    reach this Python; from there on it goes the same way for all.

    Args:
        program: List of str.
        limits: `Limits`.
        cache: `Path` of the kit's data cache, or None.
        slot: Integer, apart for each sandbox of this machine.

    Returns:
        List of str.

    Raises:
        FileNotFoundError: If bubblewrap is not installed.
    """
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        raise FileNotFoundError(MISSING)
    inside = [bwrap, *NAMESPACES.split(), *_files(cache)]
    inside += ["--proc", "/proc", "--dev", "/dev"]
    for folder in private(cache):
        inside += ["--perms", "1777", "--size", str(limits.disk), "--tmpfs", folder]
    for folder in folders(cache):  # again, where a private folder covers it
        inside += ["--ro-bind", str(folder), str(folder)]
    inside += ["--remount-ro", "/", "--chdir", HOME, "--clearenv"]
    for name, value in environment(limits, HOME, cache).items():
        inside += ["--setenv", name, value]
    inside += ["--", *program]
    if os.geteuid() != 0:
        return inside
    user = str(FIRST_UID + slot)
    view = ["--tmpfs", "/tmp", *_files(cache), "--bind", "/proc", "/proc"]
    view += ["--dev", "/dev", "--cap-drop", "ALL"]
    for name in ("SETUID", "SETGID", "SETPCAP"):
        view += ["--cap-add", f"CAP_{name}"]
    become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    become += ["--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"]
    return [bwrap, *view, "--", *become, *inside]


def _files(cache):
    arguments = []
    for folder in [*folders(cache), Path("/etc/x")]:
        for parent in reversed(folder.parents[:-1]):
            arguments += ["--perms", "0755", "--dir", str(parent)]
    for name in ROOTS:
        root = Path("/") / name
        if root.is_symlink():
            arguments += ["--symlink", os.readlink(root), str(root)]
        elif root.exists():
            arguments += ["--ro-bind", str(root), str(root)]
    for name in SETTINGS:
        arguments += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for folder in folders(cache):
        arguments += ["--ro-bind", str(folder), str(folder)]
    return arguments
