"""Runs a submission's cells apart from everything, and asks it for values.

Workshop -> Session: a warm process imports TensorFlow once, each session is a fork
of it. Only plain values come back, and nothing that they claim is trusted.
"""

import dataclasses
import os
import re
import unicodedata
from dataclasses import dataclass, field

import numpy as np

from course_utils.grading import png, processes, seccomp, values
from course_utils.grading.limits import Limits
from course_utils.grading.parent import Parent, StartError, remove

MODULES = ("numpy", "matplotlib.pyplot", "keras", "course_utils.checks")
MODULES += ("course_utils.plots", "course_utils.data", "course_utils.widgets")
PATH = re.compile(r"[^\W\d]\w*(\.([^\W\d]\w*|\d{1,9}))*")
SECONDS_TO_CONFINE = 60
MOST_WORDS = 500
KINDS = ("raised", "missing", "value")


class AnswerError(Exception):
    """Raised when a student's answer gives no value.

    Attributes:
        kind: "raised" (their code did), "missing" (there is no such name), "value"
            (it cannot cross), or "over" (the session has ended).
        what: String, capped and without control characters. It may hold anything
            that their code had in its hands: never show it to another student.
    """

    def __init__(self, kind, what):
        super().__init__(what)
        self.kind, self.what = kind, what


class UntrustedError(RuntimeError):
    """Raised when code would run unisolated though nobody said that it may."""


@dataclass(frozen=True)
class CellReport:
    """What running one cell showed; claims of the student's process, not facts.

    Attributes:
        id: String.
        status: "ok", "error" or "not run".
        error: String, such as "NameError: name 'x' is not defined".
        text: String, what it printed, capped.
        pictures: Tuple of bytes, each a verified PNG.
    """

    id: str
    status: str = "not run"
    error: str = ""
    text: str = ""
    pictures: tuple = ()


@dataclass
class Report:
    """How the cells of a submission went.

    Attributes:
        ended: "ok", "timeout", "memory", "died", "output" or "protocol".
        cells: Tuple of `CellReport`.
    """

    ended: str = "ok"
    cells: tuple = field(default=())


class Workshop:
    """A warm sandbox from which sessions are made, one at a time.

    Args:
        isolation: `Isolation`, as `isolation.probe()` found it.
        limits: `Limits` of each session.
        cache: `Path` of the kit's data cache, shown read-only; None for none.
        modules: Names of modules that the sandbox imports once, for all sessions.
        trust: Boolean, whether code may run at level C.

    Raises:
        UntrustedError: At level C, unless `trust`.
        StartError: If the sandbox does not start.
    """

    def __init__(
        self, isolation, limits=None, *, cache=None, modules=MODULES, trust=False
    ):
        if isolation.level == "C" and not trust:
            raise UntrustedError(str(isolation))
        self.isolation, self.limits = isolation, limits or Limits()
        self._cache, self._modules = cache, modules
        self._parent, self._session = None, None
        self._start()

    def _start(self):
        if self._parent is None or not self._parent.alive():
            self._stop()
            parts = self.isolation, self.limits, self._cache, self._modules
            self._parent = Parent(*parts)
        return self._parent

    def _stop(self):
        if self._parent is not None:
            self._parent.close()
        self._parent = None

    def open(self, cells, *, environment=None, seed=0):
        """Runs the cells of one submission, from top to bottom.

        Args:
            cells: List of pairs of str: the cell's id and its source.
            environment: Dict of more environment variables, or None.
            seed: Integer, for Python's and NumPy's global generators.

        Returns:
            `Session`, whose `report` says how it went.

        Raises:
            StartError: If the sandbox does not start.
        """
        if self._session is not None:
            self._session.close()
        parent = self._start()
        session = self._session = Session(self, parent)
        session.run(cells, dict(environment or {}), seed)
        return session

    def close_session(self, parent):
        """Kills what a session left; without namespaces of its own, its sandbox."""
        clean = processes.kill_below(parent.pid)
        if (self.isolation.cold or not clean) and parent is self._parent:
            self._stop()
        self._session = None

    def close(self):
        """Ends the sandbox and everything in it."""
        if self._session is not None:
            self._session.close()
        self._stop()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


class Session:
    """One submission in its sandbox; leaving it kills all that is left of it.

    Attributes:
        report: `Report` of its cells.
    """

    def __init__(self, workshop, parent):
        self.report = Report()
        self._workshop, self._parent = workshop, parent
        self._limits, self._left = workshop.limits, workshop.limits.output
        self._requests, self._responses = parent.fork()
        self._home = parent.home()
        watched = self._home if parent.folder else None
        self._watchdog = processes.Watchdog(parent.pid, workshop.limits, watched)
        self._open = True

    def run(self, cells, environment, seed):
        """Runs the cells; `Workshop.open` calls it."""
        private = self._workshop.isolation.level == "A"
        start = {
            "cells": [[name, source] for name, source in cells],
            "environment": {"HOME": self._home, "TMPDIR": self._home} | environment,
            "seed": seed,
            "text": self._limits.text,
            "limits": dataclasses.asdict(self._limits),
            "others": 0 if private or self._parent.user() else processes.ours(),
            "filter": np.frombuffer(seccomp.program(private), "uint8"),
            "home": self._home,
            "user": self._parent.user(),
            "capabilities": self._parent.capabilities(),
        }
        done = {name: CellReport(name) for name, _ in cells}
        with self._watchdog.at_most(SECONDS_TO_CONFINE):
            answer = self._ask(start)
        if "failed" in answer:
            self.close()
            raise StartError(f"The sandbox did not close: {words(answer['failed'])}")
        with self._watchdog.at_most(self._limits.wall):
            while self._open and "done" not in (answer := self._next()):
                self._note(answer, done)
        self.report.cells = tuple(done.values())

    def _note(self, answer, done):
        name = answer.get("cell")
        if self._open and not (isinstance(name, str) and name in done):
            self._end("protocol")
        if self._open:
            pictures = answer.get("pictures")
            pictures = pictures[: png.MOST] if isinstance(pictures, list) else []
            done[name] = CellReport(
                name,
                "ok" if text(answer.get("status")) == "ok" else "error",
                words(answer.get("error")),
                text(answer.get("text"), self._limits.text),
                tuple(filter(None, map(_picture, pictures))),
            )

    @property
    def ended(self):
        """How the session has ended, "ok" as long as it lives: see `Report`."""
        return self.report.ended

    def get(self, path):
        """Returns the value under a path, such as `answer` or `model.units`.

        Raises:
            AnswerError: If there is none.
        """
        return self._request("get", path, 60)

    def call(self, path, *args, seconds=60, **kwargs):
        """Calls what lies under a path and returns its result.

        Args:
            path: String, names and whole numbers with dots between; never evaluated.
            *args: Values, or `values.Name` for what lies in the sandbox.
            seconds: Number; a session that takes longer is ended.
            **kwargs: Values.

        Returns:
            A value.

        Raises:
            AnswerError: If the call raised, gave nothing that can cross, or took
                too long.
        """
        return self._request("call", path, seconds, args, kwargs)

    def keep(self, name, path, *args, seconds=60, **kwargs):
        """Calls what lies under a path and keeps the result inside, under a name."""
        self._request("keep", path, seconds, args, kwargs, name)

    def _request(self, do, path, seconds, args=(), kwargs=None, name=""):
        for given in (path, name or "kept"):
            if not PATH.fullmatch(given):
                raise ValueError(f"Expected names with dots. Received: {given!r}")
        self._expect_open()
        message = {"do": do, "path": path, "args": list(args)}
        message |= {"kwargs": kwargs or {}, "name": name}
        self._left = values.MOST_TEXT + values.MOST_NUMBERS
        with self._watchdog.at_most(seconds):
            answer = self._ask(message)
        self._expect_open()
        if "error" in answer:
            kind = text(answer["error"])
            what = words(answer.get("what"))
            raise AnswerError(kind if kind in KINDS else "raised", what)
        if "value" not in answer:
            self._end("protocol")
            self._expect_open()
        return answer["value"]

    def _expect_open(self):
        if not self._open:
            raise AnswerError("over", f"the session has ended: {self.report.ended}")

    def _ask(self, message):
        try:
            values.write(self._requests, message)
        except OSError:
            return self._end("died")
        return self._next()

    def _next(self):
        """Returns the next message, a dict; an empty one if the session has ended."""
        try:
            answer, size = values.read(self._responses)
        except EOFError:
            return self._end("died")
        except values.RefusedError:
            return self._end("protocol")
        self._left -= size
        if self._left < 0:
            return self._end("output")
        return answer if isinstance(answer, dict) else self._end("protocol")

    def _end(self, why):
        self.close()
        self.report.ended = self._watchdog.reason or why
        return {}

    def close(self):
        """Kills everything of this session."""
        if self._open:
            self._open = False
            self._watchdog.stop()
            self._workshop.close_session(self._parent)
            os.close(self._requests)
            os.close(self._responses)
            if self._parent.folder:
                remove(self._home)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


def words(claimed):
    """Returns a short line of harmless characters from anything that was claimed."""
    return " ".join(text(claimed).split())


def text(claimed, most=MOST_WORDS):
    """Returns capped text without control characters, but for ends of lines."""
    if not isinstance(claimed, str):
        return ""
    plain = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", claimed[:most])
    kept = (c for c in plain if c in "\n\t" or unicodedata.category(c)[0] != "C")
    return "".join(kept)


def _picture(claimed):
    if not isinstance(claimed, np.ndarray) or claimed.dtype != np.uint8:
        return None
    return png.verified(claimed.tobytes())
