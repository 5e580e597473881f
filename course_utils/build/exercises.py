"""Finds the exercises of a lesson: heading, answer cells, check cells, points."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*")
CHECKS = Path(__file__).parents[1] / "checks" / "__init__.py"


@dataclass(frozen=True)
class Check:
    """One check cell.

    Attributes:
        index: Integer, the cell.
        name: String, the answer it checks.
        points: Number.
    """

    index: int
    name: str
    points: float


@dataclass(frozen=True)
class Exercise:
    """Something that a student fills in, and the cells that check it.

    Attributes:
        name: String, the first name that is checked.
        title: String, the heading.
        kind: `"exercise"` or `"assignment"`.
        answers: List of integers, the cells with a solution mark.
        checks: List of `Check`.
    """

    name: str
    title: str
    kind: str
    answers: list
    checks: list

    @property
    def names(self):
        """All names that are checked."""
        return [check.name for check in self.checks]

    @property
    def points(self):
        """The points of all its checks together."""
        return sum(check.points for check in self.checks)


def known_checks(path=CHECKS):
    """Returns the names that `course_utils.checks` exports, without importing it.

    Args:
        path: `Path` of a Python file.

    Returns:
        Set of strings: what the file imports and defines.
    """
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.FunctionDef):
            names.add(node.name)
    return names


def find(source, known):
    """Finds the exercises of a lesson.

    An exercise is one code cell with a solution mark, or several in a row; the code
    cells right after it that call `checks.NAME(NAME)` are its checks.

    Args:
        source: `Source`.
        known: Set of strings, the checks that exist.

    Returns:
        List of `Exercise`.

    Raises:
        LessonError: If an exercise has no check or no heading, a check does not
            exist, a name is used twice, or points are not a positive number.
    """
    for cell in source.cells:
        for node, name in _calls(cell):
            if name not in known:
                message = f"course_utils.checks has no function {name}"
                raise source.error(cell, node.lineno - 1, message)
    found, seen = [], set()
    for answers, checks in _groups(source.cells):
        exercise = _exercise(source, answers, checks)
        for name in exercise.names:
            if name in seen:
                cell = source.cells[exercise.answers[0]]
                message = f"the exercise name {name} is used twice"
                raise source.error(cell, cell.regions[0][0], message)
            seen.add(name)
        found.append(exercise)
    return found


def _groups(cells):
    """Yields (answer cells, check cells), of which the latter may be missing."""
    answers, checks = [], []
    for i, cell in enumerate(cells):
        if cell.kind != "code":
            continue
        if cell.regions:
            if checks:
                yield answers, checks
                answers, checks = [], []
            answers.append(i)
        elif answers and _checked(cell):
            checks.append(i)
        elif answers:
            yield answers, checks
            answers, checks = [], []
    if answers:
        yield answers, checks


def _exercise(source, answers, checks):
    cell = source.cells[answers[0]]
    if not checks:
        message = "expected a check in the next code cell: NAME = checks.NAME(NAME)"
        raise source.error(cell, cell.regions[0][0], message)
    heading, title = _heading(source, answers[0])
    default = _points(source, heading, 1)
    checks = [_check(source, i, default) for i in checks]
    kind = re.match(r"\w+", title)[0].lower()
    return Exercise(checks[0].name, title, kind, answers, checks)


def _check(source, index, default):
    cell = source.cells[index]
    name, *others = _checked(cell)
    if others:
        message = f"expected one check per cell. Received: {name}, {', '.join(others)}"
        raise source.error(cell, 0, message)
    return Check(index, name, _points(source, cell, default))


def _heading(source, index):
    """Returns the markdown cell and the text of the exercise's heading."""
    level = 7
    for cell in reversed(source.cells[:index]):
        if cell.kind != "markdown":
            continue
        for depth, title in reversed(_headings(cell.text)):
            if depth < level:
                level = depth
                if re.match(r"(Exercise|Assignment)\b", title):
                    return cell, title
    answer = source.cells[index]
    message = "expected a heading above, '## Exercise N: ...' or '## Assignment N: ...'"
    raise source.error(answer, answer.regions[0][0], message)


def _headings(text):
    found, fenced = [], False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        match = HEADING.fullmatch(line)
        if match and not fenced:
            found.append((len(match[1]), match[2]))
    return found


def _points(source, cell, default):
    points = cell.metadata.get("points", default)
    if isinstance(points, bool) or not isinstance(points, (int, float)) or points <= 0:
        message = f"expected points, a positive number. Received: {points!r}"
        raise source.error(cell, -1, message)
    return points


def _checked(cell):
    """Returns the names that a cell checks: those in `checks.NAME(NAME)`."""
    return [
        name
        for node, name in _calls(cell)
        if len(node.args) == 1
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id == name
    ]


def _calls(cell):
    """Returns the calls of functions of `checks` in a cell, and their names."""
    if cell.kind != "code" or cell.tree is None:
        return []
    calls = [
        (node, node.func.attr)
        for node in ast.walk(cell.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "checks"
    ]
    return sorted(calls, key=lambda call: (call[0].lineno, call[0].col_offset))
