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

from course_utils.grading import bubblewrap, processes

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
        ours, theirs = socket.socketpair()
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        settings = {
            "socket": theirs.fileno(),
            "level": isolation.level,
            "nested": isolation.nested,
            "modules": list(modules),
            "private": bubblewrap.private(cache),
        }
        program = [sys.executable, "-P", "-m", "course_utils.grading.inner"]
        program.append(json.dumps(settings))
        slot = (os.getpid() * 8 + next(_SLOTS)) % 4000
        if isolation.level == "A":
            program = bubblewrap.command(program, limits, cache, slot)
        self.socket = ours
        self.process = subprocess.Popen(
            program,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={"PATH": "/usr/bin:/bin:/usr/sbin"},
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self._await()

    def _await(self):
        select.select([self.socket], [], [], SECONDS_TO_START)
        space = socket.CMSG_SPACE(CREDENTIALS.size)
        with contextlib.suppress(OSError, ValueError):
            data, extra, _, _ = self.socket.recvmsg(
                4096, space, socket.MSG_DONTWAIT | socket.MSG_CMSG_CLOEXEC
            )
            self.threads = json.loads(data)["threads"]
            self.pid = CREDENTIALS.unpack(extra[0][2])[0]  # the kernel says so
            return
        self.process.kill()
        complaint = self.process.stderr.read(2000).decode(errors="replace").strip()
        self.close()
        raise StartError(
            f"Expected a sandbox to start. Received: {complaint[-500:] or 'silence'}"
        )

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
        self.process.stderr.close()
        self.socket.close()
