"""`python -m course_utils export grades --format canvas --gradebook canvas.csv`."""

from collections import Counter
from pathlib import Path

from course_utils.grading import lms, marks


def add_arguments(parser):
    """Adds the arguments of `export` to a parser.

    Args:
        parser: `argparse.ArgumentParser`.
    """
    parser.add_argument("grades", type=Path, help="what `grade` wrote")
    parser.add_argument("--format", choices=("csv", "canvas", "moodle"), required=True)
    parser.add_argument("--out", type=Path, help="default: grades/export-FORMAT.csv")
    parser.add_argument("--gradebook", type=Path, help="the LMS's own file, to fill in")
    parser.add_argument("--key", type=Path, help="knows the students' other names")
    parser.add_argument("--lesson", help="only this one; Moodle takes one at a time")
    parser.add_argument("--title", help="what the LMS calls the lesson, if not so")
    parser.add_argument(
        "--absent-is-zero", action="store_true", help="write 0 where nothing came"
    )
    parser.add_argument(
        "--scale", action="store_true", help="to the maximum that the LMS has"
    )


def main(args):
    """Writes the grades for a spreadsheet or an LMS.

    Args:
        args: What the parser of `add_arguments` returned.

    Returns:
        Integer exit code: 0, or 1 if something was not understood.
    """
    out = args.out or args.grades / f"export-{args.format}.csv"
    try:
        results = marks.load(args.grades, args.lesson)
        if args.format == "csv":
            lms.write(
                out, marks.table(results, args.absent_is_zero), encoding="utf-8-sig"
            )
        else:
            names = _names(results, args.key)
            for line in _fill(args, out, results, names):
                print(line)
    except (OSError, ValueError) as error:
        print(error)
        return 1
    states = Counter(result["state"] for result in results)
    print(", ".join(f"{count} {state}" for state, count in states.most_common()))
    waiting = sum(bool(result.get("pending")) for result in results)
    if waiting:
        print(f"{waiting} of them wait for marks of answers in words: not final")
    print(f"Wrote {out}.")
    return 0


def _fill(args, out, results, names):
    """Writes the LMS's file; yields sentences about what did not fit."""
    by_lesson = {}
    for each in results:
        by_lesson.setdefault(each["lesson"], {})[each["student"]] = each
    if args.format == "moodle" and len(by_lesson) > 1:
        raise ValueError(
            f"Expected one lesson: --lesson NAME. Received: {', '.join(by_lesson)}"
        )
    if args.title and len(by_lesson) > 1:
        raise ValueError("Expected --lesson with --title.")
    if args.gradebook:
        rows, delimiter, encoding = lms.read(args.gradebook)
        owners = lms.find(rows, names)
    else:
        rows, delimiter, encoding = _new(args.format, names), ",", "utf-8"
        owners = dict(enumerate(names, len(rows) - len(names)))
    _expect_layout(args.format, rows, args.gradebook)
    for lesson, theirs in by_lesson.items():
        title = args.title or lesson
        out_of = next(iter(theirs.values()))["out_of"]
        factor = _factor(args, rows, title, out_of)
        written = {
            index: (
                marks.grade(theirs.get(student), args.absent_is_zero, factor),
                marks.comment(theirs[student]) if student in theirs else "",
            )
            for index, student in owners.items()
        }
        if args.format == "moodle":
            for row in lms.moodle(rows, written):
                yield f"locked in Moodle, left as it is: {row[0]}"
        else:
            lms.canvas(rows, title, out_of, written)
    lms.write(out, rows, delimiter, encoding)
    for student in sorted(set(names) - set(owners.values())):
        yield f"not in the gradebook, or not sure who: {student}"
    for index, row in enumerate(rows[1:], 1):
        if args.gradebook and index not in owners and lms.is_student(row):
            yield f"no result for this row: {row[0]}"


def _factor(args, rows, title, out_of):
    has = lms.maximum(rows, title)
    if has in (None, out_of):
        return 1
    if args.scale and out_of:
        return has / out_of
    raise ValueError(
        f"Expected {title} to have {out_of:g} points. Received: {has:g} in the "
        "gradebook. Change it there, or let --scale do it"
    )


def _expect_layout(kind, rows, path):
    needed = {"canvas": lms.CANVAS[:2], "moodle": ["Identifier", "Grade"]}[kind]
    missing = [name for name in needed if name not in rows[0]]
    if missing:
        raise ValueError(f"Expected a column {missing[0]!r} ({kind}). Received: {path}")


def _new(kind, names):
    """Makes a gradebook for students of whom only the numbers and names are known."""
    if kind == "canvas":
        rows = [[*lms.CANVAS], ["    Points Possible", "", "", "", ""]]
        return rows + [[each[-1], "", "", each[0], ""] for each in names.values()]
    empty = [""] * (len(lms.MOODLE) - 2)
    rows = [[f"Participant {each[0]}", each[-1], *empty] for each in names.values()]
    return [[*lms.MOODLE], *rows]


def _names(results, folder):
    """Returns all names of each student, the surest first."""
    from course_utils.grading.key import Key

    students = Key.load(folder).students if folder else {}
    return {
        each["student"]: [
            each["student"], *students.get(each["student"], []), each["name"]
        ]
        for each in results
    }  # fmt: skip
