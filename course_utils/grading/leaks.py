"""Looks for what a release must not hold, and names what cannot be hidden."""

import ast
import json
import re

MARK = re.compile(r"\s*#+ (BEGIN|END) SOLUTION\s*")
COMMENT = re.compile(r"(^|\s)#.*$")
SHORTEST = 12  # characters without spaces: a shorter line is anybody's


def secrets(solved, hidden, lesson, given):
    """Collects the lines of a lesson that nobody may see.

    Args:
        solved: Dict, the solved notebook.
        hidden: String, the source of the hidden checks.
        lesson: String, its name.
        given: Set of lines from `given_lines`; they are no secret.

    Returns:
        Dict from a normalised line to what it is.
    """
    found = {}
    for line in hidden.splitlines():
        found[normalised(line)] = f"a hidden check of {lesson}"
    for name, line, inside in _marked(solved):
        if inside:
            found[normalised(line)] = f"the solution of {name} in {lesson}"
    return {
        line: what
        for line, what in found.items()
        if len(line) >= SHORTEST and line not in given
    }


def given_lines(solved):
    """Returns the normalised lines of a solved notebook that students get anyway."""
    return {normalised(line) for _, line, inside in _marked(solved) if not inside}


def find(folder, secret):
    """Searches every file of a release.

    Args:
        folder: `Path`.
        secret: Dict from normalised lines to what they are.

    Returns:
        List of messages, empty if nothing leaks.
    """
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            continue
        lines = {normalised(line) for line in _lines(path)}
        name = path.relative_to(folder).as_posix()
        found += [f"{name} holds {secret[line]}" for line in lines & secret.keys()]
    return sorted(set(found))


def unguarded(solved, secret):
    """Returns the exercises of which `find` knows no line: too short, or given."""
    names = {name for name, _, inside in _marked(solved) if inside}
    known = {
        name
        for name, line, inside in _marked(solved)
        if inside and normalised(line) in secret
    }
    return sorted(names - known)


def normalised(line):
    """Returns a line without its comment and its spaces."""
    return "".join(COMMENT.sub("", line).split())


def public_answers(reference, checks, modules):
    """Finds the exercises whose answer every student already has in the kit.

    Args:
        reference: Dict from the name of an exercise to the source of its answer.
        checks: List of sources: the modules of `course_utils.checks`.
        modules: Dict from the name of each other module of the kit to its source.

    Returns:
        Dict from the name of an exercise to a sentence that says where it stands.
    """
    ours = {}
    for source in checks:
        ours |= handed_back(source)
    public = {}
    for module, source in modules.items():
        for node in _definitions(source):
            if not node.name.startswith("_"):
                public[node.name] = public[_body(node)] = f"{module}.{node.name}"
    return {
        name: where
        for name, source in reference.items()
        if (where := _where(name, source, ours, public))
    }


def _where(name, source, ours, public):
    if name in ours:
        return f"its check hands back {ours[name]}"
    for node in _definitions(source):
        if node.name == name and _body(node) in public:
            return f"it is {public[_body(node)]}"
    return f"{public[name]} has its name" if name in public else None


def handed_back(source):
    """Returns what each check hands back: the `ours` of its decorator."""
    return {
        node.name: ast.unparse(keyword.value)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        for keyword in decorator.keywords
        if keyword.arg == "ours" and ast.unparse(keyword.value) != "None"
    }


def _definitions(source):
    kinds = (ast.FunctionDef, ast.ClassDef)
    return [node for node in ast.parse(source).body if isinstance(node, kinds)]


def _body(node):
    """Returns the text of a definition without its name and its docstring."""
    statements = node.body[1:] if ast.get_docstring(node) else node.body
    return "\n".join(map(ast.unparse, statements))


def _marked(notebook):
    """Yields (exercise, line, whether it is solution) of every line."""
    for cell in notebook["cells"]:
        name = cell["metadata"].get("course", {}).get("name")
        inside = False
        for line in "".join(cell["source"]).splitlines():
            mark = MARK.fullmatch(line)
            if mark:
                inside = mark[1] == "BEGIN"
            else:
                yield name, line, inside


def _lines(path):
    """Yields the lines of a file; of JSON, those of each of its strings."""
    text = path.read_bytes().decode("utf-8", "replace")
    try:
        texts = _strings(json.loads(text))
    except ValueError:
        texts = [text]
    for each in texts:
        yield from each.splitlines()


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _strings(each)
    elif isinstance(value, list):
        # The source of a cell is a list of lines; one may be cut in two.
        if all(isinstance(each, str) for each in value):
            yield "".join(value)
        for each in value:
            yield from _strings(each)
