"""Answers in words: one page for a human to mark, and marks back into the results."""

import base64
import csv
import hashlib
import math

from course_utils.grading import feedback, lms, results
from course_utils.grading.feedback import escaped
from course_utils.grading.marks import number

COLUMNS = ["student", "lesson", "exercise", "points", "comment"]
STYLE = (
    feedback.STYLE
    + """
fieldset { border: 1px solid #999; margin: 1rem 0; padding: 1rem }
label { display: block; margin-top: .6rem } textarea { width: 100% }
button { font: inherit; padding: .5rem 1rem } #bar { position: sticky; bottom: 0;
  background: #fff; padding: .8rem 0; border-top: 1px solid #999 }
"""
)
SCRIPT = """
const quoted = text => '"' + text.replaceAll('"', '""') + '"';
const guarded = text => /^[=+\\-@\\t\\r]/.test(text) ? "'" + text : text;
function csv() {
  const rows = [["student", "lesson", "exercise", "points", "comment"]];
  for (const set of document.querySelectorAll("fieldset")) {
    const points = set.querySelector("input").value;
    const comment = set.querySelector("textarea").value;
    if (points === "" && comment === "") continue;
    const {student, lesson, exercise} = set.dataset;
    rows.push([guarded(student), lesson, exercise, points, guarded(comment)]);
  }
  return rows.map(row => row.map(quoted).join(",")).join("\\r\\n") + "\\r\\n";
}
let saved = "";
document.getElementById("save").addEventListener("click", () => {
  saved = csv();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([saved], {type: "text/csv"}));
  link.download = "marks.csv";
  link.click();
  const count = saved.split("\\r\\n").length - 2;
  document.getElementById("said").textContent = "Saved " + count + " marks.";
});
addEventListener("beforeunload", event => {
  if (csv() !== saved && csv().split("\\r\\n").length > 2) event.preventDefault();
});
"""


def page(found):
    """Writes the page with all answers in words.

    Args:
        found: List of results.

    Returns:
        String, HTML with one small script; or None if there are no such answers.
    """
    boxes = [
        _box(i, result, exercise)
        for i, (result, exercise) in enumerate(_answers(found))
    ]
    if not boxes:
        return None
    main = (
        "<h1>Answers to mark</h1><p>Write points and, if you like, a comment. Then "
        "save <code>marks.csv</code> and run <code>grade</code> once more with "
        "<code>--marks marks.csv</code>.</p>" + "".join(boxes) + '<p id="bar"><button '
        'type="button" id="save">Save marks.csv</button> '
        '<span id="said" role="status"></span></p>'
    )
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    policy = f"{feedback.POLICY}; script-src 'sha256-{digest}'"
    script = f"<script>{SCRIPT}</script>"
    return feedback.document("Answers to mark", main, policy, STYLE, script)


def _answers(found):
    for result in found:
        for exercise in result["exercises"]:
            if exercise["kind"] == "text" and exercise["answer"]:
                yield result, exercise


def _box(i, result, exercise):
    keys = {
        "student": result["student"],
        "lesson": result["lesson"],
        "exercise": exercise["name"],
    }
    data = " ".join(f'data-{key}="{escaped(value)}"' for key, value in keys.items())
    points = "" if exercise["pending"] else number(exercise["points"])
    out_of = number(exercise["out_of"])
    return (
        f"<fieldset {data}><legend>{escaped(exercise['title'])}, "
        f"{escaped(result['name'])} ({escaped(result['lesson'])})</legend>"
        f"<blockquote>{escaped(exercise['answer'])}</blockquote>"
        f'<label for="p{i}">Points, 0 to {out_of}</label>'
        f'<input id="p{i}" type="number" min="0" max="{out_of}" step="any" '
        f'value="{points}"><label for="c{i}">Comment</label>'
        f'<textarea id="c{i}" rows="2">{escaped(exercise["comment"])}</textarea>'
        "</fieldset>"
    )


def read(path):
    """Reads marks.

    Args:
        path: `Path` of what the page saved, perhaps through a spreadsheet.

    Returns:
        Dict from (student, lesson, exercise) to a pair of points and comment.

    Raises:
        ValueError: If it is no such file, or points are no number.
    """
    try:
        rows, _, _ = lms.read(path)
    except (OSError, csv.Error) as error:
        raise ValueError(f"Expected marks. Received: {path} ({error})") from None
    if rows[0] != COLUMNS:
        raise ValueError(
            f"Expected the columns {', '.join(COLUMNS)}. Received: {', '.join(rows[0])}"
        )
    found = {}
    for line, (student, lesson, exercise, points, comment) in enumerate(rows[1:], 2):
        mark = _number(points)
        if mark is None and points.strip():
            raise ValueError(
                f"Expected points in line {line} of {path}. Received: {points}"
            )
        key = _unguarded(student), lesson, exercise
        found[key] = mark, _unguarded(comment)
    return found


def merge(result, marks):
    """Puts marks into a result.

    Args:
        result: Dict.
        marks: Dict as `read` returns it.

    Returns:
        Dict, a new result, and a list of sentences about marks that do not fit.
    """
    problems, exercises = [], []
    for exercise in result["exercises"]:
        key = result["student"], result["lesson"], exercise["name"]
        points, comment = marks.get(key, (None, ""))
        if exercise["kind"] == "text" and key in marks:
            if points is not None and not 0 <= points <= exercise["out_of"]:
                problems.append(
                    f"{' '.join(key)}: expected 0 to {exercise['out_of']} points; "
                    f"received {points:g}"
                )
                points = None
            exercise = exercise | {"comment": comment}
            if points is not None:
                exercise |= {"points": points, "pending": False}
        exercises.append(exercise)
    return result | {"exercises": exercises, **results.totals(exercises)}, problems


def _number(text):
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _unguarded(text):
    return (
        text[1:] if text.startswith("'") and text[1:2] in tuple(lms.FORMULA) else text
    )
