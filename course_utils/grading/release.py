"""Makes what is handed out, and the key that is not."""

import hashlib
import json
import secrets
import shutil
from datetime import date
from importlib.metadata import version

from course_utils.grading import handout, leaks, variants
from course_utils.grading.key import FILE, Key, Lesson, file_name

MANIFEST = "manifest.json"


def write(out, key_folder, course, found, roster=None):
    """Writes the release and the key; neither changes if something leaks.

    Args:
        out: `Path` of the release.
        key_folder: `Path` of the key; one that is there keeps its seed, so that
            every student gets the same variant again.
        course: `course.Course`.
        found: List of `material.Material`.
        roster: Dict from students to their other names, or None.

    Returns:
        Pair of the `Key` and a list of sentences: what leaks. If that is not empty,
        nothing was written.

    Raises:
        ValueError: If the folders are not apart, or `out` holds something else.
    """
    _expect_apart(out, key_folder)
    made = {each.name: handout.make(each, course.choice(each.name)) for each in found}
    key = _key(key_folder, course, made, roster)
    half = out.with_name(f".{out.name}.half")
    shutil.rmtree(half, ignore_errors=True)
    try:
        _write_release(half, key, made)
        problems = leaks.find(half, secret_lines(key, found))
        if not problems:
            _write_key(key, made, found)
            shutil.rmtree(out, ignore_errors=True)
            half.rename(out)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return key, problems


def secret_lines(key, found):
    """Returns all lines that a release must not hold, and what each is.

    Args:
        key: `Key`.
        found: List of `material.Material`.

    Returns:
        Dict from normalised lines to what they are.
    """
    given = set().union(*(leaks.given_lines(each.solved) for each in found))
    secret = {key.seed: "the secret seed"}
    for each in found:
        secret |= leaks.secrets(each.solved, each.hidden, each.name, given)
    return secret


def _key(folder, course, made, roster):
    lessons, students, chosen = {}, {}, {}
    seed = secrets.token_hex(32)
    if (folder / FILE).exists():
        old = Key.load(folder)
        lessons, students, chosen = old.lessons, old.students, old.variants
        seed = old.seed
    for name, (_, exercises) in made.items():
        lessons[name] = Lesson(
            name=name,
            exercises=exercises,
            notebook=folder / "notebooks" / f"{name}.ipynb",
            hidden=folder / "hidden" / f"{name}.py",
            reference=folder / "reference" / f"{name}.json",
        )
    today, kit = date.today().isoformat(), version("autoencoder-course")
    key = Key(folder, course.name, today, kit, seed, lessons, students, chosen)
    for student, names in (roster or {}).items():
        students[student] = names
        for name, (notebook, _) in made.items():
            drawn = variants.chosen(
                notebook,
                lambda parameter, whose=(student, name): key.digest(*whose, parameter),
            )
            theirs = chosen.setdefault(student, {})
            before = theirs.get(name, {})  # what was handed out once stays
            theirs[name] = {each: before.get(each, drawn[each]) for each in drawn}
    return key


def _write_key(key, made, found):
    key.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for each in found:
        stored = key.lessons[each.name]
        for path, text in (
            (stored.notebook, _dumps(made[each.name][0])),
            (stored.hidden, each.hidden),
            (stored.reference, _dumps(each.reference)),
        ):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    key.save()


def _write_release(folder, key, made):
    students = {file_name(each): each for each in key.students} or {".": None}
    files = {}
    for place, student in students.items():
        for name, (notebook, _) in made.items():
            text = _dumps(variants.applied(notebook, key.parameters(student, name)))
            path = folder / place / f"{name}.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            digest = hashlib.sha256(text.encode()).hexdigest()
            files[path.relative_to(folder).as_posix()] = digest
    manifest = {
        "course": key.course,
        "kit": key.version,
        "made": key.made,
        "points": {
            name: {each.name: 0 if each.practice else each.points for each in exercises}
            for name, (_, exercises) in made.items()
        },
        "sha256": files,
    }
    (folder / MANIFEST).write_text(_dumps(manifest), encoding="utf-8")


def _expect_apart(out, key_folder):
    first, second = out.resolve(), key_folder.resolve()
    if first == second or first in second.parents or second in first.parents:
        raise ValueError(
            "Expected two folders apart, so that the key is not handed out. "
            f"Received: {out} and {key_folder}"
        )
    if out.exists() and any(out.iterdir()) and not (out / MANIFEST).exists():
        raise ValueError(
            f"Expected a new folder, or an earlier release. Received: {out}"
        )


def _dumps(value):
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
