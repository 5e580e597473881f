"""What is written for a result: a number, or nothing, or a word."""

from course_utils.grading.results import Grades

# What is no grade: a human looks, or asks for the file again.
NO_GRADE = ("absent", "unreadable")


def load(folder, lesson=None):
    """Reads all results of a folder.

    Args:
        folder: `Path` that `grade` wrote.
        lesson: String, the only lesson wanted, or None for all.

    Returns:
        List of dicts, sorted by student and lesson.

    Raises:
        ValueError: If there are none, or lessons are mixed up.
    """
    found = list(Grades(folder).all())
    wanted = [each for each in found if lesson in (None, each["lesson"])]
    if not wanted:
        lessons = ", ".join(sorted({each["lesson"] for each in found})) or "nothing"
        raise ValueError(
            f"Expected results of `grade` in {folder}. Received: {lessons}"
        )
    return sorted(wanted, key=lambda each: (each["student"], each["lesson"]))


def table(results, absent_is_zero=False):
    """Makes one row per student, with points and state of each lesson.

    Args:
        results: List of dicts from `load`.
        absent_is_zero: Boolean.

    Returns:
        List of rows, the first of them the header.
    """
    lessons = sorted({each["lesson"] for each in results})
    students = {}
    for each in results:
        students.setdefault((each["student"], each["name"]), {})[each["lesson"]] = each
    header = ["student", "name"]
    for lesson in lessons:
        header += [f"{lesson} points", f"{lesson} out of", f"{lesson} state"]
    rows = [header + ["total"]]
    for who, theirs in students.items():
        row, total = list(who), 0
        for lesson in lessons:
            each = theirs.get(lesson)
            points = grade(each, absent_is_zero)
            row += [points, number(each["out_of"]), each["state"]] if each else [""] * 3
            total += float(points or 0)
        rows.append([*row, number(total)])
    return rows


def grade(result, absent_is_zero=False, factor=1):
    """Returns what is written for a result: a number, or nothing.

    Args:
        result: Dict, or None for a student without one.
        absent_is_zero: Boolean, whether nothing handed in is worth 0.
        factor: Number to multiply with.

    Returns:
        String, empty if there is no grade: absent is not zero unless asked.
    """
    if result is not None and result["state"] not in NO_GRADE:
        return number(result["points"] * factor)
    absent = result is None or result["state"] == "absent"
    return "0" if absent and absent_is_zero else ""


def comment(result):
    """Returns one line about a result, for the student."""
    if result["state"] != "graded":
        return result.get("detail") or result["state"]
    return "; ".join(
        f"{each['title']}: {number(each['points'])} of {number(each['out_of'])}"
        for each in result["exercises"]
        if not each["practice"]
    )


def number(value):
    """Returns a number as a cell: two decimals at most, none where it is whole."""
    return f"{round(value, 2):.10g}"
