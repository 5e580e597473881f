"""Reads the JSON of a stranger's notebook; what is odd is refused, never followed."""

import base64
import json
from dataclasses import dataclass

from course_utils.grading import png
from course_utils.grading.opening import UnreadableError

CELLS = 500
SOURCE = 300_000
MARKS = 500_000
TEXT = 10_000
PICTURES = 4
KINDS = ("code", "markdown", "raw")


@dataclass(frozen=True)
class Cell:
    """What grading needs of a cell.

    Attributes:
        number: Integer, its place in the notebook, from 1.
        id: String, or None.
        kind: `"code"`, `"markdown"` or `"raw"`.
        source: String.
        text: String that the notebook stores as printed, capped, or None.
        pictures: Tuple of bytes, the stored pictures, verified.
    """

    number: int
    id: str | None
    kind: str
    source: str
    text: str | None = None
    pictures: tuple = ()


def notebook(data):
    """Reads a notebook.

    Args:
        data: Bytes of an `.ipynb` file.

    Returns:
        List of `Cell`.

    Raises:
        UnreadableError: If it is not a notebook of format 4, or an absurd one.
    """
    stored = _json(data)
    if not isinstance(stored, dict) or stored.get("nbformat") != 4:
        raise UnreadableError("not a notebook of format 4")
    cells = stored.get("cells")
    if not isinstance(cells, list) or len(cells) > CELLS:
        raise UnreadableError(f"expected a list of at most {CELLS} cells")
    read = [_cell(number, cell) for number, cell in enumerate(cells, 1)]
    if sum(len(cell.source) for cell in read) > SOURCE:
        raise UnreadableError(f"more than {SOURCE:,} characters of code and prose")
    return read


def _json(data):
    """Parses JSON whose tree cannot grow far beyond its text."""
    if sum(data.count(mark) for mark in (b"[", b"{", b",")) > MARKS:
        raise UnreadableError("far more lists and entries than a notebook has")
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UnreadableError("not text in UTF-8") from None
    except RecursionError:
        raise UnreadableError("lists inside lists, without end") from None
    except ValueError:
        raise UnreadableError("not valid JSON; was the download cut off?") from None


def _cell(number, stored):
    if not isinstance(stored, dict) or stored.get("cell_type") not in KINDS:
        raise UnreadableError(f"cell {number} is not a cell")
    identity = stored.get("id")
    if not isinstance(identity, str) or len(identity) > 64:
        identity = None
    outputs = stored.get("outputs")
    outputs = outputs if isinstance(outputs, list) else []
    source = _text(stored.get("source"), f"the source of cell {number}")
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    kind = stored["cell_type"]
    return Cell(number, identity, kind, source, _printed(outputs), _pictures(outputs))


def _text(value, what):
    """Joins a string or list of strings, and drops what UTF-8 cannot say."""
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(part, str) for part in parts):
        raise UnreadableError(f"{what} is not text")
    return "".join(parts).encode("utf-8", "replace").decode()


def _printed(outputs):
    """Returns what was printed, or None if the cell stores no output at all."""
    if not outputs:
        return None
    texts = [
        _text(output.get("text"), "an output")
        for output in outputs
        if isinstance(output, dict)
        and output.get("output_type") == "stream"
        and output.get("name") == "stdout"
    ]
    return "".join(texts)[:TEXT]


def _pictures(outputs):
    found = []
    for output in outputs:
        data = output.get("data") if isinstance(output, dict) else None
        coded = data.get("image/png") if isinstance(data, dict) else None
        if isinstance(coded, list) and all(isinstance(part, str) for part in coded):
            coded = "".join(coded)
        if isinstance(coded, str) and len(found) < PICTURES:
            found.append(_decoded(coded))
    return tuple(picture for picture in found if picture)


def _decoded(coded):
    try:
        plain = "".join(coded.split()).encode("ascii")
        return png.verified(base64.b64decode(plain, validate=True))
    except ValueError:
        return None
