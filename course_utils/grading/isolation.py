"""How well this machine can shut a submission off from everything else.

    A  isolated      bubblewrap, seccomp and limits: no network, private files
    B  restricted    Landlock, seccomp and limits: files and network closed
    C  not isolated  limits only, for code that one trusts

B is a list of closed doors, A is a room without any. Known at B: a submission can
tell whether a file exists whose place it guesses; it has no /tmp and no /dev/shm, so
that multiprocessing fails; what it leaves running is hunted down rather than gone
with its namespace. At both levels nobody counts what the kernel itself holds for a
process (buffers of pipes, names of files): a session is ended when the machine runs
out of memory. A cold sandbox at A bounds the size of files, not their number.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import threading
from dataclasses import dataclass, replace
from pathlib import Path

SENTENCES = {
    "A": "isolated: no network, private files, nothing of the machine in sight",
    "B": "restricted: files and network closed, but not out of this machine's sight",
    "C": "NOT ISOLATED: a submission can read your files, use the network and find "
    "the hidden checks. Grade only code that you trust.",
}


@dataclass(frozen=True)
class Isolation:
    """What keeps submissions apart from this machine and from each other.

    Attributes:
        level: "A", "B" or "C".
        nested: Boolean, whether each session has namespaces of its own inside a warm
            sandbox; at A without them each session has a sandbox of its own (slower).
        reasons: Tuple of str, why it is not better than this.
    """

    level: str
    nested: bool = False
    reasons: tuple = ()

    def __str__(self):
        slow = " (a new sandbox for each submission: slower)" if self.cold else ""
        return f"{self.level} {SENTENCES[self.level]}{slow}"

    @property
    def cold(self):
        """Whether a sandbox serves one session only."""
        return self.level == "A" and not self.nested


CANDIDATES = (Isolation("A", nested=True), Isolation("A"), Isolation("B"))


def probe(level=None):
    """Tries what this machine can do, by attacking it from inside a sandbox.

    Args:
        level: "A" or "B" to try only that level; None for the best there is.

    Returns:
        `Isolation`, of level C with all reasons if nothing holds.
    """
    reasons = []
    for candidate in CANDIDATES:
        if level in (None, candidate.level):
            found = _weaknesses(candidate)
            if not found:
                return replace(candidate, reasons=tuple(reasons))
            kind = "warm" if candidate.nested else "cold"
            name = f"A {kind}" if candidate.level == "A" else candidate.level
            reasons += [f"{name}: {reason}" for reason in found]
    return Isolation("C", reasons=tuple(reasons))


ATTACKS = '''
import os, socket

def attempts(canary, port, victim):
    """Returns what should not have been possible, as sentences."""
    found = []
    def attempt(sentence, function):
        try:
            if function():
                found.append(sentence)
        except Exception:
            pass
    def connect():
        with socket.create_connection(("127.0.0.1", port), 1) as line:
            return line.recv(8) == b"canary"
    attempt("a file can be read", lambda: "canary" in open(canary).read())
    attempt("a file can be written", lambda: open(canary, "a").write("!"))
    attempt("the network is open", connect)
    attempt("a process can be ended", lambda: os.kill(victim, 9))
    attempt("the grader's variables can be read", lambda: any(
        "COURSE_CANARY" in open(f"/proc/{pid}/environ").read()
        for pid in ("self", 1, os.getppid(), victim)))
    attempt("a file of the submission before is still there",
        lambda: os.path.exists("left"))
    open("left", "w").close()
    return found
'''


def _weaknesses(isolation):
    from course_utils.grading import sandbox

    if isolation.level == "A" and shutil.which("bwrap") is None:
        from course_utils.grading import bubblewrap

        return [bubblewrap.MISSING]
    try:
        with _targets() as (canary, port, victim):
            found = []
            with sandbox.Workshop(isolation, modules=()) as workshop:
                for _ in range(2):
                    session = workshop.open([("attacks", ATTACKS)])
                    found += session.call(
                        "attempts", str(canary), port, victim.pid, seconds=20
                    )
            if canary.read_text() != "canary":
                found.append("a file was changed")
            if victim.poll() is not None:
                found.append("a process was ended")
            return [str(sentence)[:200] for sentence in dict.fromkeys(found)]
    except ImportError as error:
        return [f"{error}; install what grading needs: pip install -e .[grading]"]
    except (OSError, RuntimeError, sandbox.AnswerError) as error:
        return [f"it does not start: {error}"]


@contextlib.contextmanager
def _targets():
    """Sets up a file, a port and a process that no submission may reach."""
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        os.chmod(folder, 0o755)  # so that no permission of the file protects it
        canary = Path(folder) / "canary"
        canary.write_text("canary")
        os.chmod(canary, 0o666)
        threading.Thread(target=greet, args=(server,), daemon=True).start()
        variables = {"PATH": "/usr/bin:/bin", "COURSE_CANARY": "1"}
        victim = subprocess.Popen(["sleep", "600"], env=variables)
        try:
            yield canary, server.getsockname()[1], victim
        finally:
            victim.kill()
            victim.wait()
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)


def greet(server):
    """Says "canary" to everyone who comes through a listening socket."""
    with contextlib.suppress(OSError):
        while True:
            line, _ = server.accept()
            with line:
                line.sendall(b"canary")
