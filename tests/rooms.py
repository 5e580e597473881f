"""What the tests of the sandbox share: warm workshops, and things to attack."""

import contextlib
import functools
import os
import socket
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from course_utils.grading import bubblewrap
from course_utils.grading.bubblewrap import MISSING
from course_utils.grading.isolation import greet, probe
from course_utils.grading.limits import MEGABYTE, Limits

SMALL = Limits(
    wall=20,
    memory=200 * MEGABYTE,
    address_space=1024 * MEGABYTE,
    processes=40,
    file=4 * MEGABYTE,
    disk=8 * MEGABYTE,
    open_files=300,
    text=2000,
    output=2 * MEGABYTE,
)


ABSENT = (MISSING, "pip install -e .[grading]")


@functools.cache
def isolation(level):
    """Returns the isolation of a level, or skips and says how to get it.

    It fails where a sandbox starts but does not hold.
    """
    found = probe(level)
    if found.level != level:
        leaks = [reason for reason in found.reasons if not reason.endswith(ABSENT)]
        assert not [r for r in leaks if "does not start" not in r], found.reasons
        pytest.skip(f"level {level} is not to be had here: {'; '.join(found.reasons)}")
    return found


@dataclass
class Targets:
    """What no submission may reach.

    Attributes:
        canary: `Path` of a file that anybody may read and write.
        port: Integer, a TCP port of this machine that answers.
        victim: `subprocess.Popen` of a process with a secret variable.
    """

    canary: Path
    port: int
    victim: subprocess.Popen

    def variables(self):
        """Returns a cell that tells a submission all of it; guessing is no safety."""
        return (
            f"CANARY = {str(self.canary)!r}\nPORT = {self.port}\n"
            f"VICTIM = {self.victim.pid}\nGRADER = {os.getpid()}\n"
            f"KIT = {str(Path(__file__).parents[1])!r}\n"
            f"PRIVATE = {bubblewrap.private()!r}"
        )

    def untouched(self):
        """Returns whether all of it is as it was."""
        alone = sorted(path.name for path in self.canary.parent.iterdir())
        return (
            self.canary.read_text() == "canary"
            and self.canary.stat().st_mode & 0o777 == 0o666
            and alone == ["canary", "datagrams", "streams"]
            and self.victim.poll() is None
        )


@contextlib.contextmanager
def targets(folder):
    """Sets up what no submission may reach.

    Args:
        folder: `Path` of an empty folder.

    Yields:
        `Targets`.
    """
    for place in (folder, *folder.parents[:2]):
        if place.stat().st_uid == os.getuid():
            os.chmod(place, 0o755)
    canary = folder / "canary"
    canary.write_text("canary")
    canary.chmod(0o666)
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        streams = stack.enter_context(socket.socket(socket.AF_UNIX))
        streams.bind(str(folder / "streams"))
        streams.listen()
        hidden = stack.enter_context(socket.socket(socket.AF_UNIX))
        hidden.bind("\0course-canary")
        hidden.listen()
        datagrams = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        stack.enter_context(datagrams).bind(str(folder / "datagrams"))
        for name in ("streams", "datagrams"):
            (folder / name).chmod(0o666)
        for listening in (server, streams, hidden):
            threading.Thread(target=greet, args=(listening,), daemon=True).start()
            stack.callback(_quietly, listening.shutdown, socket.SHUT_RDWR)
        variables = {"PATH": "/usr/bin:/bin", "COURSE_CANARY": "secret"}
        victim = subprocess.Popen(["sleep", "3600"], env=variables)
        stack.callback(victim.wait)
        stack.callback(victim.kill)
        yield Targets(canary, server.getsockname()[1], victim)
        datagrams.setblocking(False)
        with pytest.raises(BlockingIOError):  # nothing has arrived
            datagrams.recv(100)


def _quietly(function, *arguments):
    with contextlib.suppress(OSError):
        function(*arguments)


def eventually(true, seconds=10):
    """Returns whether something becomes true in a few seconds."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
