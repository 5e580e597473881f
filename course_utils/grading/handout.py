"""Makes the notebook of a lesson as it is handed out."""

import copy
import hashlib

from course_utils.grading.key import Exercise


def make(found, choice):
    """Makes the notebook of a lesson as it is handed out.

    Args:
        found: `Material`.
        choice: `course.Choice`.

    Returns:
        Pair of a notebook (dict) and a list of `key.Exercise`.

    Raises:
        ValueError: If the choice names an exercise that the lesson does not have.
    """
    notebook = copy.deepcopy(found.student)
    all_exercises = _exercises(notebook)
    chosen = list(all_exercises) if choice.exercises is None else choice.exercises
    unknown = {*chosen, *choice.points} - set(all_exercises)
    if unknown:
        raise ValueError(
            f"Expected exercises of {found.name}: {', '.join(all_exercises)}. "
            f"Received: {', '.join(map(str, sorted(unknown, key=str)))}"
        )
    exercises = []
    for name in all_exercises:
        if name in chosen:
            hidden = choice.count_public or name not in found.public
            made = _exercise(all_exercises[name], choice.points.get(name), not hidden)
            exercises.append(made)
    _set_points(notebook, {each.name: each for each in exercises})
    exercises += _add_questions(notebook, found.name, choice.questions)
    notebook["cells"].insert(1, _what_counts(found.name, exercises))
    return notebook, exercises


def _exercises(notebook):
    """Returns what the metadata say of each exercise, by name."""
    found, current = {}, None
    for cell in notebook["cells"]:
        course = cell["metadata"].get("course")
        if course is None:
            continue
        if cell["metadata"]["nbgrader"]["solution"]:
            current = found.setdefault(
                course["name"], course | {"answers": [], "checks": []}
            )
            current["answers"].append(cell["id"])
        elif current:
            current["checks"].append(cell["id"])
    return found


def _exercise(found, points, practice):
    if points is not None:
        found = found | {"points": points}
    return Exercise(**found, practice=practice)


def _set_points(notebook, chosen):
    """Writes into each cell what it earns in this release."""
    current = None
    for cell in notebook["cells"]:
        course, grader = map(cell["metadata"].get, ("course", "nbgrader"))
        if course is None:
            continue
        if grader["solution"]:
            current = chosen.get(course["name"])
            old = course["points"]
        counts = current is not None and not current.practice
        share = course["points"] / old * current.points if counts else 0
        course["points"] = int(share) if share == int(share) else share
        if "points" in grader:
            grader["points"] = course["points"]


def _add_questions(notebook, name, questions):
    made = []
    for question in questions:
        digest = hashlib.sha256(f"{name}:text:{question['name']}".encode())
        identity = digest.hexdigest()[:12]
        course = {key: question[key] for key in ("name", "title", "points")}
        answer = _markdown(identity, "*Your answer:*")
        answer["metadata"]["course"] = course | {"kind": "text"}
        heading = f"## {question['title']}\n\n{question['text']}"
        notebook["cells"] += [_markdown(f"{identity}-q", heading), answer]
        made.append(
            Exercise(
                **course, kind="text", practice=False, answers=[identity], checks=[]
            )
        )
    return made


def _what_counts(name, exercises):
    rows = [
        f"| {each.title} | {'practice' if each.practice else f'{each.points:g}'} |"
        for each in exercises
    ]
    table = "\n".join(["| What counts | points |", "|---|---|", *rows])
    return _markdown(hashlib.sha256(f"{name}:counts".encode()).hexdigest()[:12], table)


def _markdown(identity, text):
    return {
        "cell_type": "markdown",
        "id": identity,
        "metadata": {},
        "source": text.splitlines(keepends=True),
    }
