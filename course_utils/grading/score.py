"""Scores one student's answers from outside: only values come out of the sandbox."""

import time
from dataclasses import dataclass, field

import numpy as np

from course_utils.grading import requirements, slices
from course_utils.grading.borrowed import HINT as BORROWED
from course_utils.grading.borrowed import borrows

PICTURES = 4
STATES = {
    "timeout": "timed out",
    "memory": "out of memory",
    "died": "crashed",
    "output": "too much output",
    "protocol": "crashed",
}
WORST = ("out of memory", "timed out", "crashed", "too much output")


@dataclass
class Scores:
    """What was found out about one notebook.

    Attributes:
        met: Dict from names of exercises to lists of hints: None where the
            requirement holds.
        states: List of strings other than "graded" that came up.
        details: List of strings, what to tell about them.
        pictures: Dict from names of exercises to lists of PNG bytes.
        cells: Dict from the id of a cell that ran to what it printed.
    """

    met: dict = field(default_factory=dict)
    states: list = field(default_factory=list)
    details: list = field(default_factory=list)
    pictures: dict = field(default_factory=dict)
    cells: dict = field(default_factory=dict)

    @property
    def state(self):
        """The worst of the states, or "graded"."""
        return next((state for state in WORST if state in self.states), "graded")

    def note(self, state, detail):
        """Remembers that something went wrong."""
        self.states.append(state)
        if detail not in self.details:
            self.details.append(detail)


class Scorer:
    """Scores the exercises of one notebook.

    Args:
        workshop: `Workshop`.
        hidden: Path of the hidden checks.
        seconds: Float, after which nothing new is begun.
        notebook: Pair of lists of `Slot`: the whole notebook, the student's extras.
        parameters: Dict, the student's variant.
        rng: Function from the name of an exercise and the index of a requirement
            to a `numpy.random.Generator`.
    """

    def __init__(self, workshop, hidden, seconds, notebook, parameters, rng):
        self.until = time.monotonic() + seconds
        self.workshop, self.parameters, self.rng = workshop, parameters, rng
        self.slots, self.extras = notebook
        self.required = requirements.load(hidden)
        self.inside = requirements.inside(hidden)
        self.scores = Scores()

    def score(self, written, practice=()):
        """Scores what is written.

        Args:
            written: List of names of exercises.
            practice: Names of those that may be the course's version.

        Returns:
            `Scores`.
        """
        shared, alone = [], []
        for name in written:
            cells = self._needed([name])
            theirs = [cell.source for cell in cells if cell.number]
            if name not in practice and borrows(theirs, name):
                self.scores.met[name] = [BORROWED] * len(self.required[name])
            elif any(cell.exercise not in (None, name) for cell in cells):
                alone.append([name])
            else:
                shared.append(name)
        for group in [shared, *alone]:
            while group:
                group = self._together(group)
        return self.scores

    def _needed(self, group):
        return slices.needed(self.slots, self.extras, group)

    def _together(self, group):
        """Scores a group in one session; returns those whom its end left behind."""
        if time.monotonic() > self.until:
            self.scores.note("timed out", "no time was left for the other exercises")
            for name in group:
                self._miss(name, "no time was left")
            return []
        cells = self._needed(group)
        given = [(cell.id, cell.source) for cell in cells]
        with self.workshop.open([*given, ("inside", self.inside)]) as session:
            self._keep(session.report, cells)
            if session.report.ended != "ok":
                return self._broken(group, session, cells)
            return self._judge(group, session)

    def _broken(self, group, session, cells):
        """Blames the cell that was running when the session ended."""
        state = STATES[session.report.ended]
        run = {each.id for each in session.report.cells if each.status != "not run"}
        left = [cell for cell in cells if cell.id not in run]
        cell = left[0] if left else cells[-1]
        self.scores.note(state, f"{state} at {_place(cell)}")
        guilty = [name for name in group if cell in self._needed([name])]
        for name in guilty or group:
            self._miss(name, f"{state} before it could be called")
        return [name for name in group if name not in guilty] if guilty else []

    def _judge(self, group, session):
        """Scores exercises until the session is over; returns those that are left."""
        student = requirements.Student(session, self.parameters)
        for i, name in enumerate(group):
            hints = []
            for k, each in enumerate(self.required[name]):
                with np.errstate(all="ignore"):  # odd numbers are missed, no news
                    missed = each.judge(student, self.rng(name, k))
                hints.append(missed and missed.hint)
                if session.report.ended != "ok":
                    state = STATES[session.report.ended]
                    self.scores.note(state, f"{state} when {name} was called")
                    self._miss(name, "not tried any more", [*hints[:-1], state])
                    return group[i + 1 :]
            self.scores.met[name] = hints
        return []

    def _miss(self, name, hint, hints=()):
        """Stores some hints of an exercise, and one hint for all others."""
        missing = len(self.required[name]) - len(hints)
        self.scores.met[name] = [*hints, *[hint] * missing]

    def _keep(self, report, cells):
        by_id = {cell.id: cell for cell in cells}
        for each in report.cells:
            cell = by_id.get(each.id)
            if cell is None or each.status == "not run":
                continue
            self.scores.cells[each.id] = each.text
            if cell.exercise and cell.role == "answer":
                kept = self.scores.pictures.setdefault(cell.exercise, [])
                kept += list(each.pictures)[: PICTURES - len(kept)]
            blank = each.error.startswith("NotImplementedError")
            if each.status == "error" and not blank:
                self.scores.note("crashed", f"crashed at {_place(cell)}: {each.error}")


def _place(cell):
    if cell.number:
        return f"cell {cell.number}" + (f" ({cell.exercise})" if cell.exercise else "")
    return f"the course's cell {cell.id}"
