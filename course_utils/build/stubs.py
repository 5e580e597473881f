"""Replaces the solutions of a lesson by blanks, so that a blank never blocks."""

import ast

HERE = "# YOUR CODE HERE"
_RAISE = "raise NotImplementedError"


def stub(source, exercise):
    """Makes the students' version of the answer cells of an exercise.

    A solution inside a function becomes `raise NotImplementedError`; outside, the
    names that are checked become None, and all else disappears.

    Args:
        source: `Source`.
        exercise: `Exercise` of that source.

    Returns:
        Dict from the index of a cell to its text.

    Raises:
        LessonError: If a stub is not valid Python, would not run up to its `raise`,
            or leaves nothing blank.
    """
    texts = {i: _blanked(source, i, set(exercise.names)) for i in exercise.answers}
    blank = {f"{name} = None  {HERE}" for name in exercise.names}
    lines = {line for text in texts.values() for line in text.splitlines()}
    if not blank & lines and not any(line.endswith(" " + _RAISE) for line in lines):
        cell = source.cells[exercise.answers[0]]
        message = (
            "nothing is left blank: put the marks inside a function "
            f"or around what defines {exercise.name}"
        )
        raise source.error(cell, cell.regions[0][0], message)
    return texts


def _blanked(source, index, names):
    cell = source.cells[index]
    if cell.tree is None:
        raise _syntax_error(source, cell, cell.text)
    lines, raises, kept = cell.text.splitlines(), [], []
    end = 0
    for begin, stop in cell.regions:
        kept += lines[end:begin]
        new = _blank(source, cell, lines, (begin, stop), names)
        kept += new
        if new[-1].strip() == _RAISE:
            raises.append(len(kept))
        end = stop + 1
    kept += lines[end:]
    text = "\n".join(kept)
    try:
        compile(text, str(source.path), "exec", dont_inherit=True)
    except SyntaxError:
        raise _syntax_error(source, cell, text) from None
    if _unreachable(ast.parse(text), set(raises)):
        message = "the stub does not run up to its raise: a return stands before it"
        raise source.error(cell, cell.regions[0][0], message)
    return text


def _blank(source, cell, lines, region, names):
    begin, stop = region
    code = [i for i in range(begin + 1, stop) if _is_code(lines[i])]
    if not code:
        raise source.error(cell, begin, "expected a solution between the marks")
    first = lines[code[0]]
    indent = first[: len(first) - len(first.lstrip())]
    if _in_function(cell.tree, code[0] + 1):
        return [indent + HERE, indent + _RAISE]
    bound = [] if indent else _bound(cell.tree, begin + 1, stop + 1)
    blanks = [f"{name} = None  {HERE}" for name in bound if name in names]
    return blanks or [f"{indent}pass  {HERE}"]


def _is_code(line):
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _in_function(tree, line):
    return any(
        isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and node.lineno < line <= node.end_lineno
        for node in ast.walk(tree)
    )


def _bound(tree, begin, stop):
    """Returns the names that top-level statements between two lines define."""
    names = []
    for statement in tree.body:
        if not begin < statement.lineno < stop:
            continue
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            names.append(statement.name)
            continue
        names += [
            node.id
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]
    return list(dict.fromkeys(names))


def _unreachable(tree, raises):
    """Tells whether a statement that leaves the block stands before our raise."""
    for node in ast.walk(tree):
        for block in (getattr(node, "body", None), getattr(node, "orelse", None)):
            left = False
            for statement in block if isinstance(block, list) else []:
                if left and statement.lineno in raises:
                    return True
                leaves = isinstance(statement, (ast.Return, ast.Raise))
                left |= leaves and statement.lineno not in raises
    return False


def _syntax_error(source, cell, text):
    try:
        compile(text, str(source.path), "exec", dont_inherit=True)
    except SyntaxError as error:
        if text == cell.text:
            message = f"the cell is not valid Python: {error.msg}"
            return source.error(cell, error.lineno - 1, message)
        message = (
            f"the stub does not compile: {error.msg} in {(error.text or '').strip()!r}"
        )
        return source.error(cell, cell.regions[0][0], message)
