"""One unit of work: one student's notebook of one lesson becomes one result."""

import base64
import threading

from course_utils.data import cache
from course_utils.grading import answers, choose, parse, results, sandbox, slices
from course_utils.grading.opening import UnreadableError
from course_utils.grading.reproduce import reproduces
from course_utils.grading.requirements import load
from course_utils.grading.score import Scorer, Scores

BLANK = "not written yet"

_mine = threading.local()


def grade_one(key, handed, lesson, isolation, limits):
    """Grades one notebook.

    Each thread keeps its own sandboxed workshop, warm, for the next call.

    Args:
        key: `Key`.
        handed: `Handed`, what the student handed in.
        lesson: String, its name in the key.
        isolation: `Isolation`.
        limits: `Limits`.

    Returns:
        Dict, the result as it is stored: the same for the same arguments.
    """
    found = key.lessons[lesson]
    result = _empty(key, handed, found, isolation, limits)
    if handed.data is None:
        state = "unreadable" if handed.problem else "absent"
        detail = handed.problem or "nothing was handed in"
        return result | {"state": state, "detail": detail}
    parameters = key.parameters(handed.student, lesson)
    pristine = choose.pristine(found, parameters)
    try:
        cells = parse.notebook(handed.data)
    except UnreadableError as error:
        return result | {"state": "unreadable", "detail": str(error)}
    given = {e.name: answers.find(cells, e, pristine) for e in found.exercises}
    required = load(found.hidden)
    written = [e for e in _asked(found) if given[e.name].written and e.name in required]
    scores = Scores()
    if written:
        notebook = (
            slices.slots(pristine, found.exercises, given),
            slices.extra_slots(answers.extras(cells, given.values(), pristine)),
        )
        scorer = Scorer(
            _workshop(key, isolation, limits),
            found.hidden,
            2 * limits.wall,
            notebook,
            parameters,
            lambda name, k: key.rng(handed.student, lesson, name, str(k)),
        )
        scores = scorer.score(
            [e.name for e in written], {e.name for e in written if e.practice}
        )
        result["reproduced"] = _reproduced(scores.cells, notebook, cells)
    exercises = [
        _exercise(each, given[each.name], required.get(each.name, []), scores)
        for each in found.exercises
    ]
    return result | _summary(exercises, scores, handed.note)


def close_workshop():
    """Ends the workshop of this thread, if it has one."""
    workshop = vars(_mine).pop("workshop", None)
    if workshop is not None:
        workshop.close()


def _workshop(key, isolation, limits):
    """Returns the workshop of this thread, made for these settings."""
    settings = key.folder, isolation, limits
    if "workshop" not in vars(_mine) or _mine.settings != settings:
        close_workshop()
        _mine.settings = settings
        _mine.workshop = sandbox.Workshop(
            isolation,
            limits,
            cache=cache.cache_folder(),
            modules=_modules(key),
            trust=isolation.level == "C",
        )
    return _mine.workshop


def _modules(key):
    """Returns what a sandbox imports once: nothing heavy unless a lesson does."""
    texts = [each.notebook.read_text("utf-8") for each in key.lessons.values()]
    heavy = any("import keras" in text or "course_utils" in text for text in texts)
    return sandbox.MODULES if heavy else ("numpy",)


def _asked(lesson):
    return [each for each in lesson.exercises if each.kind != "text"]


def _empty(key, handed, lesson, isolation, limits):
    """Returns the result of somebody who handed in nothing."""
    return {
        "student": handed.student,
        "name": handed.name,
        "lesson": lesson.name,
        "state": "absent",
        "detail": "",
        "points": 0,
        "out_of": lesson.points,
        "pending": 0,
        "exercises": [],
        "level": isolation.level,
        "reasons": list(isolation.reasons),
        "reproduced": None,
        "seed": key.digest(handed.student, lesson.name).hex()[:16],
        "version": key.version,
        "inputs": results.inputs(key, handed, lesson, isolation, limits),
    }


def _exercise(exercise, answer, required, scores):
    """Returns what is stored of one exercise."""
    made = {
        "name": exercise.name,
        "title": exercise.title,
        "kind": exercise.kind,
        "practice": exercise.practice,
        "points": 0,
        "out_of": exercise.points,
        "note": answer.note,
        "requirements": [],
        "pictures": [],
    }
    if exercise.kind == "text":
        text = "\n\n".join(cell.source for cell in answer.cells.values())
        return made | {"answer": text, "pending": answer.written, "comment": ""}
    blank = BLANK if not answer.written else ""
    hints = scores.met.get(exercise.name, [blank] * len(required))
    made["requirements"] = [
        {"title": r.title, "weight": r.weight, "met": hint is None, "hint": hint or ""}
        for r, hint in zip(required, hints, strict=True)
    ]
    total = sum(each.weight for each in required)
    met = sum(r["weight"] for r in made["requirements"] if r["met"])
    made["points"] = round(exercise.points * met / total, 6) if total else 0
    stored = [p for cell in answer.cells.values() for p in cell.pictures]
    pictures = scores.pictures.get(exercise.name) or stored
    made["pictures"] = [base64.b64encode(each).decode() for each in pictures]
    return made


def _summary(exercises, scores, note):
    """Returns the points and the state of a notebook."""
    details = [*scores.details, note] if note else list(scores.details)
    return {
        "state": scores.state,
        "detail": "; ".join(details),
        "exercises": exercises,
        **results.totals(exercises),
    }


def _reproduced(ran, notebook, cells):
    """Compares what the needed cells print with what the student stored of them."""
    stored = {cell.number: cell.text for cell in cells}
    by_source = {cell.source: cell.text for cell in cells}
    pairs = []
    for slot in [*notebook[0], *notebook[1]]:
        if slot.id in ran:
            old = stored.get(slot.number, by_source.get(slot.source))
            pairs.append((old, ran[slot.id]))
    return reproduces(pairs)
