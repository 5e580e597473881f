"""Starts the warm process of a sandbox and hands it pipes, from the trusted side."""

import contextlib
import itertools
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from course_utils.grading import bubblewrap, kernel_calls, processes

SECONDS_TO_START = 180
CREDENTIALS = struct.Struct("3i")
_SLOTS = itertools.count()


class StartError(RuntimeError):
    """Raised when a sandbox does not start."""


class Parent:
    """The warm process: it imports once, and each session is forked from it.

    Args:
        isolation: `Isolation`.
        limits: `Limits`.
        cache: `Path` of the kit's data cache, or None.
        modules: Names of modules to import.

    Attributes:
        pid: Integer, its number on this machine.
        threads: Integer, threads that it has; more than one must not be forked.

    Raises:
        StartError: If it does not start.
    """

    def __init__(self, isolation, limits, cache, modules):
        self.isolation, self.limits = isolation, limits
        self.slot = (os.getpid() * 8 + next(_SLOTS)) % 4000
        self.folder = None if isolation.level == "A" else tempfile.mkdtemp()
        home = self.folder or bubblewrap.HOME
        self.socket, theirs = socket.socketpair()
        if hasattr(socket, "SO_PASSCRED"):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        settings = {
            "socket": theirs.fileno(),
            "level": isolation.level,
            "nested": isolation.nested,
            "modules": list(modules),
            "private": bubblewrap.private(cache),
            "readable": bubblewrap.readable(cache),
            "home": home,
        }
        program = [sys.executable, "-P", "-m", "course_utils.grading.inner"]
        program.append(json.dumps(settings))
        variables = bubblewrap.environment(limits, home, cache)
        if isolation.level == "A":
            program = bubblewrap.command(program, limits, cache, self.slot)
            variables = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        with tempfile.TemporaryFile() as self._complaints:
            self.process = subprocess.Popen(
                program,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                env=variables,
                cwd="/",
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
            theirs.close()
            self.pid, self.threads = self._await()

    def _await(self):
        """Returns the process's number, on the kernel's word, and its threads."""
        select.select([self.socket], [], [], SECONDS_TO_START)
        try:
            data, extra = _with_sender(self.socket)
            threads = json.loads(data)["threads"]
        except (OSError, ValueError):
            self.process.kill()
            self._complaints.seek(0)
            said = self._complaints.read(4000).decode(errors="replace").strip()
            self.close()
            raise StartError(
                "Expected a sandbox to start. "
                f"Received: {said[-500:] or 'no word from it'}"
            ) from None
        return extra or self.process.pid, threads

    def home(self):
        """Returns a new folder in which a session may write, as a string."""
        if self.folder is None:
            return bubblewrap.HOME
        folder = tempfile.mkdtemp(dir=self.folder)
        if (user := self.user()) is not None:
            os.chmod(self.folder, 0o711)
            os.chown(folder, user, user)
        return folder

    def user(self):
        """Returns the number of the user that a session becomes, None for ours."""
        root = self.isolation.level == "B" and os.geteuid() == 0
        return bubblewrap.FIRST_UID + self.slot if root else None

    def capabilities(self):
        """Returns what that user needs to read a Python that only root may read."""
        return [kernel_calls.DAC_READ_SEARCH] if self.user() and only_for_root() else []

    def fork(self):
        """Makes a session.

        Returns:
            Two descriptors: to write to it, and to read from it.

        Raises:
            StartError: If the warm process has gone.
        """
        their_end, requests = os.pipe()
        responses, their_other_end = os.pipe()
        try:
            socket.send_fds(self.socket, [b"f"], [their_end, their_other_end])
        except OSError as error:
            os.close(requests)
            os.close(responses)
            raise StartError("The sandbox has gone.") from error
        finally:
            os.close(their_end)
            os.close(their_other_end)
        return requests, responses

    def alive(self):
        """Returns whether it can still make sessions."""
        return self.process.poll() is None

    def close(self):
        """Ends it and everything that it started."""
        processes.kill_below(self.process.pid)
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.socket.close()
        if self.folder is not None:
            remove(self.folder)


def remove(folder):
    """Removes a folder that a stranger has filled; it may be deeper than a stack."""
    subprocess.run(["rm", "-rf", "--", folder], check=False)


def only_for_root():
    """Returns whether Python, its packages or the kit lie where others may not look."""
    places = (Path(sys.executable).resolve(), Path(sys.prefix), Path(__file__))
    folders = {folder for place in places for folder in place.absolute().parents}
    folders.add(Path(sys.prefix))
    return any(folder.stat().st_mode & 0o005 != 0o005 for folder in folders)


def _with_sender(receiver):
    if not hasattr(socket, "SO_PASSCRED"):
        return receiver.recv(4096), None
    space = socket.CMSG_SPACE(CREDENTIALS.size)
    data, extra, _, _ = receiver.recvmsg(4096, space, socket.MSG_DONTWAIT)
    return data, CREDENTIALS.unpack(extra[0][2])[0] if extra else None
