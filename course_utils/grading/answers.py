"""Finds the answers in a notebook that a student moved, copied and retyped."""

import ast
import re
from dataclasses import dataclass, replace

from course_utils.grading.names import checked, names, parsed


@dataclass(frozen=True)
class Answer:
    """What a student answered to one exercise.

    Attributes:
        cells: Dict from the id of each answer cell of the key to the student's
            `Cell`; cells that nobody filled in are missing.
        note: String, what a human should know, such as that there were two; or "".
    """

    cells: dict
    note: str = ""

    @property
    def written(self):
        """Whether there is anything but the blank."""
        return bool(self.cells)


def find(cells, exercise, pristine):
    """Finds the answer to one exercise.

    A cell is an answer by its id, or because it defines the exercise's name. Of
    several, the last that is not blank counts, as it would if all were run.

    Args:
        cells: List of `Cell`, the student's notebook.
        exercise: `Exercise` of the key.
        pristine: Dict from ids to `Cell`, the notebook as it was handed out.

    Returns:
        `Answer`.
    """
    found, several = {}, []
    for identity in exercise.answers:
        blank = pristine[identity]
        given = [cell for cell in cells if _answers(cell, blank)]
        given = [replace(cell, source=without_checks(cell.source)) for cell in given]
        given = [cell for cell in given if not _same(cell.source, blank.source)]
        defining = [cell for cell in given if _defines(cell, _wanted(blank))]
        if defining or given:
            found[identity] = (defining or given)[-1]
        several += defining[:-1]
    numbers = ", ".join(str(cell.number) for cell in several)
    note = f"defined more than once; cell {numbers} was passed over" if several else ""
    return Answer(found, note)


def extras(cells, answers, pristine):
    """Returns the student's other cells of code, which answers may stand on.

    Args:
        cells: List of `Cell`, the student's notebook.
        answers: List of `Answer`.
        pristine: Dict from ids to `Cell`.

    Returns:
        List of `Cell` in the order of the notebook, without what was handed out,
        without answers that count and without checks.
    """
    taken = {cell.number for answer in answers for cell in answer.cells.values()}
    known = {_plain(cell.source) for cell in pristine.values()}
    others = [
        replace(cell, source=without_checks(cell.source))
        for cell in cells
        if cell.kind == "code"
        and cell.number not in taken
        and _plain(cell.source) not in known
    ]
    return [cell for cell in others if cell.source.strip()]


def without_checks(source):
    """Returns a cell without the statements that only hand something to a check.

    A check gives the course's answer back for a wrong one, which must earn nothing.

    Args:
        source: String.

    Returns:
        String, the same one if there is no such statement.
    """
    tree = parsed(source)
    dropped = checked(tree) if tree else []
    if not dropped:
        return source
    tree.body = [each for each in tree.body if each not in dropped]
    return ast.unparse(tree)


def mentions(source, words):
    """Tells whether code names one of some names in any way but a string.

    Args:
        source: String.
        words: Set of strings.

    Returns:
        Boolean; false for what is not Python.
    """
    tree = parsed(source)
    if tree is None:
        return False
    return any(words & _named(node) for node in ast.walk(tree))


def _named(node):
    if isinstance(node, ast.alias):
        return {*node.name.split("."), node.asname}
    module = getattr(node, "module", None) or ""
    return {getattr(node, "attr", None), getattr(node, "id", None), *module.split(".")}


def _answers(cell, blank):
    """Tells whether a cell may stand in the place of an answer cell."""
    if cell.kind != blank.kind:
        return False
    if blank.kind == "markdown":
        return cell.id == blank.id or _heading(cell) == _heading(blank)
    tree = parsed(cell.source)
    if tree and tree.body and len(checked(tree)) == len(tree.body):
        return False
    return cell.id == blank.id or _defines(cell, _wanted(blank))


def _wanted(blank):
    return names(blank.source).defines


def _defines(cell, wanted):
    read = names(cell.source)
    if read.valid:
        return bool(read.defines & wanted)
    marks = "|".join(map(re.escape, sorted(wanted))) or r"(?!)"
    pattern = rf"^(?:(?:async\s+)?def\s+|class\s+)?(?:{marks})\b\s*[=(:]"
    return re.search(pattern, cell.source, re.M) is not None


def _same(source, other):
    return _plain(source) == _plain(other)


def _plain(source):
    return tuple(line.rstrip() for line in source.splitlines() if line.strip())


def _heading(cell):
    return next(iter(_plain(cell.source)), "")
