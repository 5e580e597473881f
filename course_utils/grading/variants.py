"""Parameters of an exercise that differ from student to student.

A lesson declares them in a code cell tagged `variant`, one plain assignment a line
with its choices, all equally hard:

    bar_height = 2  # variant: 2, 3
"""

import ast
import copy
import re

TAG = "variant"
LINE = re.compile(r"(\w+) = (.+?) *# variant: (.+)")


def declared(notebook):
    """Finds the parameters that a notebook declares.

    Args:
        notebook: Dict, as JSON has it.

    Returns:
        Dict from the name of a parameter to the list of its choices.

    Raises:
        ValueError: If a line of a tagged cell is no declaration, or its value is
            not among its choices.
    """
    found = {}
    for cell in _cells(notebook):
        for line in "".join(cell["source"]).splitlines():
            name, value, choices = _read(line)
            if name in found or value not in choices:
                raise ValueError(f"Expected a value of its choices. Received: {line}")
            found[name] = choices
    return found


def chosen(notebook, draw):
    """Chooses a value for each parameter.

    Args:
        notebook: Dict.
        draw: Function from the name of a parameter to bytes, such as
            `Key.digest` with the student and the lesson filled in.

    Returns:
        Dict from names to values.
    """
    return {
        name: choices[int.from_bytes(draw(name)) % len(choices)]
        for name, choices in declared(notebook).items()
    }


def applied(notebook, parameters):
    """Returns the notebook with parameters put in, and without the other choices.

    Args:
        notebook: Dict; it is left as it is.
        parameters: Dict from names to values; what is missing keeps its default.

    Returns:
        Dict.
    """
    made = copy.deepcopy(notebook)
    for cell in _cells(made):
        lines = "".join(cell["source"]).splitlines()
        values = {name: value for name, value, _ in map(_read, lines)}
        given = {name: parameters.get(name, value) for name, value in values.items()}
        text = "\n".join(f"{name} = {value!r}" for name, value in given.items())
        cell["source"] = text.splitlines(keepends=True)
    return made


def _cells(notebook):
    return [
        cell
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and TAG in cell["metadata"].get("tags", [])
    ]


def _read(line):
    match = LINE.fullmatch(line)
    try:
        value, choices = map(ast.literal_eval, (match[2], f"[{match[3]}]"))
    except (TypeError, ValueError, SyntaxError):
        raise ValueError(
            f"Expected 'name = value  # variant: value, other'. Received: {line}"
        ) from None
    return match[1], value, choices
