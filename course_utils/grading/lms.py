"""The gradebook files of Canvas and Moodle, in the layouts that they document.

Canvas exports a course: rows for "Points Possible" and perhaps "Manual Posting", then
one per student; an assignment's column is called "Title (123)". Moodle exports one
assignment, its offline grading worksheet, whose rows are called "Participant 123".
Both read the same file back, and leave a grade alone where the cell is empty.
"""

import csv
import html
import re

CANVAS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
MOODLE = [
    "Identifier",
    "Full name",
    "Email address",
    "Status",
    "Grade",
    "Maximum Grade",
    "Grade can be changed",
    "Last modified (submission)",
    "Last modified (grade)",
    "Feedback comments",
]
NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
FORMULA = "=+-@\t\r\n＝＋－＠"
BOM = "\ufeff"


def read(path):
    """Reads a gradebook as its LMS wrote it.

    Args:
        path: `Path`.

    Returns:
        Triple of a list of rows (lists of strings, all as long as the header), the
        delimiter, and the encoding.

    Raises:
        ValueError: If it is empty, or no text.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"Expected UTF-8. Received: {path} ({error})") from None
    encoding = "utf-8-sig" if text.startswith(BOM) else "utf-8"
    lines = text.removeprefix(BOM).splitlines(keepends=True)
    if not lines:
        raise ValueError(f"Expected a gradebook. Received: {path}, an empty file")
    delimiter = max(",;\t", key=lines[0].count)
    rows = list(csv.reader(lines, delimiter=delimiter))
    width = len(rows[0])
    rows = [(row + [""] * width)[:width] for row in rows if any(row)]
    return rows, delimiter, encoding


def write(path, rows, delimiter=",", encoding="utf-8"):
    """Writes rows, each cell quoted where it must be and guarded against formulas."""
    with open(path, "w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([guarded(cell) for cell in row] for row in rows)


def guarded(text):
    """Returns a cell that no spreadsheet takes for a formula.

    Args:
        text: String. A number stays as it is; what begins like a formula, even after
            spaces, gets an apostrophe before it. Moodle's "-" alone is no formula.
    """
    begins = text.strip(" ")
    harmless = len(begins) < 2 or begins[0] not in FORMULA or NUMBER.fullmatch(text)
    return text if harmless else f"'{text}"


def canvas(rows, title, out_of, marks):
    """Fills the column of one assignment in a Canvas gradebook.

    Args:
        rows: List of rows, changed in place; the first is the header. A column that
            is not there is added: Canvas makes a new assignment of it.
        title: String, what Canvas calls the assignment.
        out_of: Number, the points that it can earn.
        marks: Dict from the index of a row to a pair (grade, comment) of strings.
    """
    column = _column(rows, title)
    if column is None:
        column = len(rows[0])
        for row in rows:
            row.append("")
        rows[0][column] = title
    for index, row in enumerate(rows):
        if row[0].strip() == "Points Possible" and not row[column]:
            row[column] = f"{out_of:g}"
        if index in marks and marks[index][0]:
            row[column] = marks[index][0]


def moodle(rows, marks):
    """Fills a Moodle grading worksheet.

    Args:
        rows: List of rows, changed in place; the first is the header. A row that
            Moodle has locked is left alone.
        marks: Dict from the index of a row to a pair (grade, comment) of strings.

    Returns:
        List of the rows that are locked, though there is a grade for them.
    """
    left = []
    grade, changes, comment = (
        rows[0].index(name) if name in rows[0] else None
        for name in ("Grade", "Grade can be changed", "Feedback comments")
    )
    for index, (points, text) in marks.items():
        row = rows[index]
        if not points:
            continue
        if changes is not None and row[changes].strip().lower() == "no":
            left.append(row)
            continue
        row[grade] = points
        if comment is not None:
            row[comment] = html.escape(text)
    return left


def maximum(rows, title):
    """Returns what the LMS says that an assignment can earn, or None.

    Args:
        rows: List of rows of either LMS.
        title: String, the assignment in Canvas.
    """
    if "Maximum Grade" in rows[0]:
        column, those = rows[0].index("Maximum Grade"), rows[1:]
    else:
        column = _column(rows, title)
        those = [row for row in rows if row[0].strip() == "Points Possible"]
    found = {row[column] for row in those if column is not None and row[column]}
    return float(found.pop().replace(",", ".")) if len(found) == 1 else None


def is_student(row):
    """Tells a student's row of a Canvas gradebook from those above them."""
    first = row[0].strip()
    return bool(first) and first not in ("Student", "Points Possible", "Student, Test")


def find(rows, names):
    """Finds the row of each student, by number, address or name.

    Args:
        rows: List of rows of either LMS; the first is the header.
        names: Dict from a student to all names of that student, the surest first.

    Returns:
        Dict from the index of a row to the student. A name that two rows have finds
        none, and a row that two students claim goes to neither.
    """
    keys = (*CANVAS[:4], *MOODLE[:3], "ID number", "Username")
    columns = [i for i, name in enumerate(rows[0]) if name in keys]
    owners = {}
    for index, row in enumerate(rows[1:], 1):
        for name in {plain(row[i]) for i in columns} | {_short(row[0])}:
            owners.setdefault(name, set()).add(index)
    claims = {}
    for student, others in names.items():
        hits = [owners[key] for key in map(plain, others) if key and key in owners]
        index = next((min(hit) for hit in hits if len(hit) == 1), None)
        if index is not None:
            claims.setdefault(index, []).append(student)
    return {index: who[0] for index, who in claims.items() if len(who) == 1}


def plain(text):
    """Returns a name as it is compared: no case, no spaces, no "Participant"."""
    text = re.sub(r"\AParticipant (?=\d+\Z)", "", text.strip().removeprefix("'"))
    return "".join(text.split()).casefold()


def _short(name):
    """Returns what Canvas calls "Doe, Jane" in the files that she hands in."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _column(rows, title):
    """Returns the column that has a title, such as `Title (123)`, or None."""
    wanted = _short(title)
    names = [_short(re.sub(r" \(\d+\)\Z", "", name)) for name in rows[0]]
    found = [index for index, name in enumerate(names) if name == wanted]
    if len(found) > 1:
        raise ValueError(f"Expected one column {title}. Received: {len(found)}")
    return found[0] if found else None
