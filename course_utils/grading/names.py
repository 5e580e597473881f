"""Which names a cell defines, reads and may change, without running it."""

import ast
import functools
import re
import symtable
from dataclasses import dataclass

HIDDEN_WAYS = {"exec", "eval", "globals", "locals", "vars", "setattr", "__import__"}
TRAINS = re.compile(r"(^|_)(fit|train|compile)", re.I)
MAGIC = re.compile(r"[ \t]*(%|!)|.*\?\s*$")
NOTHING = frozenset()


@dataclass(frozen=True)
class Names:
    """The names of one cell, as far as other cells care.

    Attributes:
        defines: Set of strings, bound at the top of the cell.
        uses: Set of strings, read at any depth and bound by no earlier line.
        imports: Set of strings, of `defines`: modules and what is imported from them.
        changes: Set of strings, of `uses`: what is perhaps changed in place.
        dynamic: Boolean, whether it can define names that nobody sees.
        valid: Boolean, whether it is Python at all.
    """

    defines: frozenset = NOTHING
    uses: frozenset = NOTHING
    imports: frozenset = NOTHING
    changes: frozenset = NOTHING
    dynamic: bool = False
    valid: bool = True


@functools.lru_cache(maxsize=512)
def names(source):
    """Reads the names of a cell.

    Args:
        source: String, Python with IPython's magics.

    Returns:
        `Names`.
    """
    tree = parsed(source)
    if tree is None:
        return Names(dynamic=True, valid=False)
    try:
        return _names(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Names(dynamic=True, valid=False)


def parsed(source):
    """Returns the syntax tree of a cell without its magics, or None.

    Args:
        source: String.

    Returns:
        `ast.Module`, or None if the cell is not Python.
    """
    for text in (source, _without_magics(source)):
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return None


def checked(tree):
    """Returns the top statements of a cell that only hand something to a check.

    Args:
        tree: `ast.Module`.

    Returns:
        List of statements: `NAME = checks.NAME(...)`, or that without `NAME =`.
    """
    return [
        statement
        for statement in tree.body
        if isinstance(statement, ast.Assign | ast.Expr)
        and isinstance(statement.value, ast.Call)
        and _root(statement.value.func) == "checks"
    ]


def _without_magics(source):
    lines = source.splitlines()
    return "\n".join("pass" if MAGIC.match(line) else line for line in lines)


def _names(tree):
    defined, used = set(), set()
    later = set()
    for statement in _in_order(tree.body):
        text = ast.unparse(_AsGenerators().visit(statement))
        table = symtable.symtable(text, "cell", "exec")
        binds, now, inside = _of_statement(table)
        used |= (now | (_added_to(statement) & binds)) - defined
        later |= inside
        defined |= binds
    used |= later - defined
    changed = {root for node in ast.walk(tree) for root in _changed(node)}
    imported = {name for node in tree.body for name in _imported(node)}
    return Names(
        defines=frozenset(defined),
        uses=frozenset(used),
        imports=frozenset(imported),
        changes=frozenset(changed & used),
        dynamic=any(_hides_names(node) for node in ast.walk(tree)),
    )


class _AsGenerators(ast.NodeTransformer):
    """Makes generators of comprehensions: from Python 3.12 the latter share our names.

    Source: PEP 709, "Inlined comprehensions" (2023).
    """

    def visit_ListComp(self, node):
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    visit_SetComp = visit_ListComp

    def visit_DictComp(self, node):
        self.generic_visit(node)
        pair = ast.Tuple([node.key, node.value], ast.Load())
        return ast.GeneratorExp(pair, node.generators)


def _in_order(body):
    """Yields statements in the order in which they bind: a loop's target first."""
    for statement in body:
        if isinstance(statement, ast.For):
            yield _assign(statement.target, statement.iter)
            yield from _in_order(statement.body + statement.orelse)
        elif isinstance(statement, ast.With):
            for item in statement.items:
                target = item.optional_vars or ast.Name("_", ast.Store())
                yield _assign(target, item.context_expr)
            yield from _in_order(statement.body)
        else:
            yield statement


def _added_to(statement):
    """Returns the names that `name += ...` reads, which symtable calls assigned."""
    targets = [n.target for n in ast.walk(statement) if isinstance(n, ast.AugAssign)]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def _assign(target, value):
    return ast.Assign([target], value, lineno=0)


def _of_statement(table):
    """Returns what a statement binds, reads at once, and reads when it is called."""
    binds = {each.get_name() for each in table.get_symbols() if _is_bound(each)}
    now = {each.get_name() for each in table.get_symbols() if each.is_referenced()}
    inside = set()
    for child in _descendants(table):
        for each in child.get_symbols():
            if each.is_global() and each.is_referenced():
                inside.add(each.get_name())
            if each.is_declared_global() and each.is_assigned():
                binds.add(each.get_name())
    return binds, now, inside


def _is_bound(symbol):
    return symbol.is_assigned() or symbol.is_imported()


def _descendants(table):
    for child in table.get_children():
        yield child
        yield from _descendants(child)


def _changed(node):
    """Yields the names that one node perhaps changes in place."""
    stored = isinstance(getattr(node, "ctx", None), ast.Store | ast.Del)
    if isinstance(node, ast.Subscript | ast.Attribute) and stored:
        yield _root(node)
    statement = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if statement and isinstance(node.value.func, ast.Attribute):
        yield _root(node.value.func)
    if isinstance(node, ast.Call) and TRAINS.search(_last(node.func)):
        if isinstance(node.func, ast.Attribute):
            yield _root(node.func)
        yield from (_root(argument) for argument in node.args[:1])


def _imported(node):
    if isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name.partition(".")[0]


def _hides_names(node):
    star = isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    return star or (isinstance(node, ast.Name) and node.id in HIDDEN_WAYS)


def _last(node):
    return getattr(node, "attr", getattr(node, "id", ""))


def _root(node):
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return getattr(node, "id", "")
