"""Watches over all processes of a session, from outside, and ends them."""

import contextlib
import os
import sys
import threading
import time

import psutil

SECONDS_BETWEEN_LOOKS = 0.2
RESERVE = 256 << 20  # what the kernel holds for a session is on nobody's account


def below(pid):
    """Returns all living processes that a process has started, and theirs.

    Args:
        pid: Integer.

    Returns:
        List of `psutil.Process`.
    """
    found, ahead = [], [pid]
    while ahead:
        for child in _children(ahead.pop()):
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(child)
                ahead.append(child)
                if process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
    return found


def _children(pid):
    """Asks the kernel for the children of one process, not for all processes."""
    if sys.platform != "linux":
        with contextlib.suppress(psutil.NoSuchProcess):
            return [child.pid for child in psutil.Process(pid).children()]
    found = []
    for thread in _listed(f"/proc/{pid}/task"):
        with (
            contextlib.suppress(OSError),
            open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as file,
        ):
            found += map(int, file.read().split())
    return found


def _listed(folder):
    with contextlib.suppress(OSError):
        return os.listdir(folder)
    return []


def ours():
    """Returns how many processes and threads the user of this one has."""
    found = 0
    for name in filter(str.isdecimal, _listed("/proc")):
        with contextlib.suppress(OSError):
            if os.stat(f"/proc/{name}").st_uid == os.getuid():
                found += len(_listed(f"/proc/{name}/task"))
    return found


def resident(processes):
    """Returns the bytes that processes hold, what they share counted for each."""
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            total += process.memory_info().rss
    return total


def memory(processes):
    """Returns the bytes that processes hold together, what they share counted once.

    Args:
        processes: List of `psutil.Process`.

    Returns:
        Integer.
    """
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error, OSError):
            total += _proportional(process.pid) or resident([process])
    return total


def _proportional(pid):
    found = 0
    with (
        contextlib.suppress(OSError),
        open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file,
    ):
        for line in file:
            if line.startswith(("Pss:", "SwapPss:")):
                found += int(line.split()[1]) * 1024
    return found


def kill_below(pid, patience=10.0):
    """Kills everything that a process has started, until nothing of it lives.

    Args:
        pid: Integer.
        patience: Seconds to go on trying.

    Returns:
        Boolean, whether nothing is left.
    """
    end = time.monotonic() + patience
    empty = 0
    while empty < 2:  # a process may start another while we look
        processes = below(pid)
        empty = 0 if processes else empty + 1
        for process in processes:
            with contextlib.suppress(psutil.Error, OSError):
                process.kill()
        if time.monotonic() > end:
            return False
        time.sleep(0.002)
    return True


def filled(folder, enough):
    """Returns the bytes in a folder; a file counts for 4 KiB at least.

    Args:
        folder: String.
        enough: Integer, bytes after which counting stops.

    Returns:
        Integer.
    """
    total, folders = 0, [folder]
    while folders and total <= enough:
        with contextlib.suppress(OSError), os.scandir(folders.pop()) as entries:
            for entry in entries:
                total += 4096
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        total += entry.stat(follow_symlinks=False).st_blocks * 512
                if total > enough:
                    break
    return total


class Watchdog(threading.Thread):
    """Kills a session that takes too long or too much, while others wait for it.

    Args:
        pid: Integer, the process that the session was started by.
        limits: `Limits`.
        folder: String, a folder that it fills and that nothing else bounds, or None.

    Attributes:
        reason: "timeout", "memory", "output" or "died" once it has bitten,
            "" until then.
    """

    def __init__(self, pid, limits, folder=None):
        super().__init__(daemon=True, name="watchdog")
        self.folder = folder
        self.pid, self.limits, self.reason = pid, limits, ""
        self._deadline, self._over = None, threading.Event()
        self.start()

    @contextlib.contextmanager
    def at_most(self, seconds):
        """Gives what happens in this block so many seconds."""
        self._deadline = time.monotonic() + seconds
        try:
            yield
        finally:
            self._deadline = None

    def run(self):
        """Looks again and again until `stop` is called."""
        while not self._over.wait(SECONDS_BETWEEN_LOOKS):
            try:
                self.reason = self._exceeded()
            except Exception:  # nobody runs unwatched
                self.reason = "died"
            if self.reason:
                if not kill_below(self.pid):
                    psutil.Process(self.pid).kill()
                return

    def _exceeded(self):
        deadline = self._deadline
        if deadline is not None and time.monotonic() > deadline:
            return "timeout"
        if psutil.virtual_memory().available < RESERVE:
            return "memory"
        running = below(self.pid)
        most = self.limits.memory
        if resident(running) > most and memory(running) > most:  # slow, so second
            return "memory"
        if len(running) > self.limits.processes:
            return "memory"
        if self.folder and filled(self.folder, self.limits.disk) > self.limits.disk:
            return "output"
        return ""

    def stop(self):
        """Ends the watch."""
        self._over.set()
        if self is not threading.current_thread():
            self.join()
