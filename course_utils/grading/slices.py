"""Cuts from a notebook what an answer stands on: imports, data, helpers, no more.

The notebook that was handed out is ours, so its names can be followed. Most answers
need its imports only; a training runs if an answer uses what was trained. That is
the main reason why grading takes seconds where running the notebook takes minutes.
"""

import builtins
from dataclasses import dataclass

from course_utils.grading.names import names


@dataclass(frozen=True)
class Slot:
    """One cell that may run.

    Attributes:
        id: String.
        source: String.
        role: `"given"`, `"answer"`, `"check"` or `"extra"`.
        exercise: String, whose answer or check it is, or None.
        number: Integer, its place in the student's notebook; 0 for ours.
    """

    id: str
    source: str
    role: str
    exercise: str | None = None
    number: int = 0


def slots(pristine, exercises, answers):
    """Puts the answers into the notebook that was handed out.

    Args:
        pristine: Dict from ids to `Cell`, in order.
        exercises: List of `Exercise` of the key.
        answers: Dict from names of exercises to `Answer`.

    Returns:
        List of `Slot`: the cells of code, in order.
    """
    answer_of = {i: each.name for each in exercises for i in each.answers}
    check_of = {i: each.name for each in exercises for i in each.checks}
    made = []
    for identity, cell in pristine.items():
        if cell.kind != "code":
            continue
        if identity in answer_of:
            name = answer_of[identity]
            mine = answers[name].cells.get(identity)
            made.append(
                Slot(identity, mine.source, "answer", name, mine.number)
                if mine
                else Slot(identity, cell.source, "answer", name)
            )
        elif identity in check_of:
            made.append(Slot(identity, cell.source, "check", check_of[identity]))
        else:
            made.append(Slot(identity, cell.source, "given"))
    return made


def extra_slots(cells):
    """Returns slots for the student's other cells.

    Args:
        cells: List of `Cell`.

    Returns:
        List of `Slot`.
    """
    return [
        Slot(f"extra-{cell.number}", cell.source, "extra", None, cell.number)
        for cell in cells
    ]


def needed(all_slots, extras, exercises):
    """Returns what must run so that the answers to some exercises can be called.

    Where they stand on another exercise, that one's check runs too: a blank never
    blocks, and the check hands out the course's version. Their own never run.

    Args:
        all_slots: List of `Slot`, of the whole notebook.
        extras: List of `Slot`, the student's other cells; each runs, if needed,
            right before the first cell that needs it.
        exercises: Collection of strings, their names.

    Returns:
        List of `Slot`, in order.
    """
    search = _Search(all_slots, extras, exercises)
    search.run()
    return search.found()


class _Search:
    def __init__(self, all_slots, extras, exercises):
        self.slots, self.extras, self.wanted = all_slots, extras, exercises
        self.reads = [names(slot.source) for slot in all_slots]
        self.extra_reads = [names(slot.source) for slot in extras]
        self.taken, self.extra_at = set(), {}
        self.todo = [at for name in exercises for at in self._of(name, ("answer",))]
        self.extra_todo = []

    def run(self):
        while self.todo or self.extra_todo:
            if self.todo:
                at = self.todo.pop()
                if at not in self.taken:
                    self.taken.add(at)
                    self._follow(self.reads[at], at)
            else:
                i = self.extra_todo.pop()
                self._follow(self.extra_reads[i], self.extra_at[i])

    def found(self):
        numbered = [((at, 1, 0), self.slots[at]) for at in self.taken]
        numbered += [((at, 0, i), self.extras[i]) for i, at in self.extra_at.items()]
        return [slot for _, slot in sorted(numbered, key=lambda pair: pair[0])]

    def _follow(self, read, at):
        for name in sorted(read.uses):
            places = self._definers(name, at)
            for place in places:
                other = self.slots[place].exercise
                self.todo.append(place)
                if other is not None:
                    own = other in self.wanted
                    roles = ("answer",) if own else ("answer", "check")
                    self.todo += self._of(other, roles)
            if not places:
                self._look_among_extras(name, at)

    def _definers(self, name, at):
        """Returns the last cell before this one that defines a name, else the first
        after it, and the cells between that may change it in place."""
        places = [
            i
            for i, read in enumerate(self.reads)
            if name in read.defines and self.slots[i].role != "check" and i != at
        ]
        before = [i for i in places if i < at]
        chosen = before[-1:] or places[:1]
        if not chosen or name in self.reads[chosen[0]].imports:
            return chosen
        between = range(chosen[0] + 1, at)
        return chosen + [i for i in between if name in self.reads[i].changes]

    def _look_among_extras(self, name, at):
        reads = self.extra_reads
        found = [i for i, read in enumerate(reads) if name in read.defines][-1:]
        if not found and not hasattr(builtins, name):
            found = [i for i, read in enumerate(reads) if read.dynamic and read.valid]
        for i in found:
            if self.extra_at.get(i, at + 1) > at:
                self.extra_at[i] = at
                self.extra_todo.append(i)

    def _of(self, exercise, roles):
        return [
            i
            for i, slot in enumerate(self.slots)
            if slot.exercise == exercise and slot.role in roles
        ]
