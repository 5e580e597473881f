"""Reads the source of a lesson: cells, the lines they stand on, and their marks."""

import ast
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

import jupytext
from nbformat import ValidationError

MARK = re.compile(r"\s*#+ (BEGIN|END) SOLUTION\s*")
LOOKS_LIKE_A_MARK = re.compile(r"\s*#+\s*(begin|end)\s+solution\b", re.IGNORECASE)


class LessonError(Exception):
    """A mistake in a source, with the file and the line where it stands."""

    def __init__(self, path, line, message):
        super().__init__(f"{path.parent.name}/{path.name}:{line}: {message}")


@dataclass(frozen=True)
class Cell:
    """One cell of a source.

    Attributes:
        kind: `"code"`, `"markdown"` or `"raw"`.
        text: String, the cell without its `# %%` line.
        metadata: Dict, what stands on the `# %%` line.
        line: Integer, the line of the source on which `text` begins.
        regions: List of pairs (index of the BEGIN line, index of the END line),
            counted from 0 in `text`.
    """

    kind: str
    text: str
    metadata: dict
    line: int
    regions: list

    @cached_property
    def tree(self):
        """The syntax tree of a code cell, or None if Python alone cannot read it."""
        try:
            return ast.parse(self.text)
        except SyntaxError:
            return None


@dataclass(frozen=True)
class Source:
    """A lesson as it was written.

    Attributes:
        path: `Path` of `solutions/NN_topic.py`.
        cells: List of `Cell`.
        sha256: String, hash of the text, the same on every platform.
    """

    path: object
    cells: list
    sha256: str

    @property
    def name(self):
        """The lesson, such as `"04_dense_bottleneck"`."""
        return self.path.stem

    def error(self, cell, index, message):
        """Returns a `LessonError` at a line of a cell, counted from 0."""
        return LessonError(self.path, cell.line + index, message)


def read(path):
    """Reads a lesson and its marks.

    Args:
        path: `Path` of a file in jupytext's percent format.

    Returns:
        `Source`.

    Raises:
        LessonError: If it is not in percent format, or a mark is nested, not
            understood, opened and not closed, or closed and not opened.
    """
    text = path.read_text(encoding="utf-8")
    try:
        notebook = jupytext.reads(text, fmt="py:percent")
    except ValidationError as error:
        raise LessonError(
            path, 1, f"the header is not valid: {error.message}"
        ) from None
    lines = text.splitlines()
    starts = [i for i, line in enumerate(lines, 1) if line.startswith("# %%")]
    if len(starts) != len(notebook.cells):
        raise LessonError(
            path,
            1,
            "expected one '# %%' line per cell. Received: "
            f"{len(starts)} lines for {len(notebook.cells)} cells",
        )
    cells = [
        Cell(
            kind=cell.cell_type,
            text=cell.source,
            metadata=dict(cell.metadata),
            line=start + 1,
            regions=_regions(path, cell, start + 1),
        )
        for start, cell in zip(starts, notebook.cells, strict=True)
    ]
    return Source(path, cells, hashlib.sha256(text.encode()).hexdigest())


def _regions(path, cell, first_line):
    regions, opened = [], None
    for i, line in enumerate(cell.source.splitlines()):
        if not LOOKS_LIKE_A_MARK.match(line):
            continue
        mark = MARK.fullmatch(line)
        problem = _problem(mark, opened, cell.cell_type)
        if problem:
            raise LessonError(path, first_line + i, problem)
        if mark[1] == "BEGIN":
            opened = i
        else:
            regions.append((opened, i))
            opened = None
    if opened is not None:
        raise LessonError(path, first_line + opened, "BEGIN SOLUTION is not closed")
    return regions


def _problem(mark, opened, kind):
    if kind != "code":
        return f"expected marks in code cells only. Received: one in a {kind} cell"
    if mark is None:
        return "expected '# BEGIN SOLUTION' or '# END SOLUTION', alone on its line"
    if mark[1] == "BEGIN" and opened is not None:
        return "BEGIN SOLUTION inside a solution: marks cannot be nested"
    if mark[1] == "END" and opened is None:
        return "END SOLUTION is closed and was not opened"
    return None
