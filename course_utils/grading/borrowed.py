"""Tells answers that take the course's own version from answers.

Whoever reads the kit can copy from it, so what stands there is practice and earns
nothing, and no check runs before an answer is scored. This looks at the code for the
shortest ways around both: asking a check for its version, or, where an instructor
counts an exercise of the kit after all, wrapping the kit's function.
"""

import ast
from pathlib import Path

from course_utils.grading import leaks
from course_utils.grading.answers import mentions
from course_utils.grading.names import parsed

CHECKS = Path(__file__).parents[1] / "checks"
HINT = "this calls the course's own version; write yours"


def borrows(sources, exercise):
    """Tells whether an answer takes the course's version instead of its own.

    Args:
        sources: List of strings, the student's cells that the answer stands on.
        exercise: String, its name.

    Returns:
        Boolean.
    """
    wanted = {exercise, ours().get(exercise, exercise).rpartition(".")[2]}
    return any(
        mentions(source, {"checks"}) or _takes(source, wanted) for source in sources
    )


def ours():
    """Returns what each check hands back, as its source says: `losses.entropy`."""
    if not _OURS:
        for path in sorted(CHECKS.glob("*.py")):
            _OURS.update(leaks.handed_back(path.read_text(encoding="utf-8")))
    return _OURS


def _takes(source, wanted):
    tree = parsed(source)
    nodes = list(ast.walk(tree)) if tree else []
    return any(_imports(node, wanted) or _reaches(node, wanted) for node in nodes)


def _imports(node, wanted):
    kit = isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
        "course_utils"
    )
    return kit and any(alias.name in wanted for alias in node.names)


def _reaches(node, wanted):
    """Tells whether a node is `module.name` of the kit, as `losses.entropy`."""
    if not isinstance(node, ast.Attribute) or node.attr not in wanted:
        return False
    root = node.value
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(root, ast.Name) and root.id in MODULES


MODULES = (
    {"course_utils"}
    | {path.stem for path in CHECKS.parent.iterdir()}
    | {path.stem for path in CHECKS.parent.glob("*/*.py")}
)
_OURS = {}
