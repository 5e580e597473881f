"""Releases, keys and variants, on a small course made up here; no TensorFlow runs."""

import json
import stat

import pytest

from course_utils import __main__
from course_utils.grading import course, handout, key, material, release, variants

HIDDEN = 'expected = x.sum(axis=-1)  # what nobody may see\n"use every pixel"\n'
SOLUTION = "answer_is = hidden_formula(x) ** 2"


def cell(identity, source, kind="code", **metadata):
    lines = source.splitlines(keepends=True)
    made = {"cell_type": kind, "id": identity, "metadata": metadata, "source": lines}
    return made | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def marks(name, kind, points=1, solution=False):
    return {
        "course": {"kind": kind, "name": name, "points": points, "title": name.title()},
        "nbgrader": {"solution": solution, "grade": not solution}
        | ({} if solution else {"points": points}),
    }


def notebook(solved):
    """Returns the students' or the solved notebook of a lesson of two exercises."""
    blank = "    raise NotImplementedError  # YOUR CODE HERE"
    easy, hard = (
        f"    # BEGIN SOLUTION\n    {line}\n    # END SOLUTION" if solved else blank
        for line in ("return public_formula(x) + 1", SOLUTION)
    )
    return {
        "cells": [
            cell("title", "# 1 · Tiny", "markdown"),
            cell("variant", 'height = 2  # variant: 2, 3, 4\nside = "a"  # variant: '
                 '"a", "b"', tags=["variant"]),
            cell("a1", f"def easy(x):\n{easy}", **marks("easy", "exercise", 1, True)),
            cell("c1", "easy = checks.easy(easy)", **marks("easy", "exercise")),
            cell("a2", f"def hard(x):\n{hard}", **marks("hard", "assignment", 4, True)),
            cell("c2", "hard = checks.hard(hard)", **marks("hard", "assignment", 4)),
        ],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip


@pytest.fixture
def tiny():
    """Returns a lesson whose exercise `easy` stands in the kit."""
    public = {"easy": "it is course_utils.tiny.easy"}
    return material.Material("01_tiny", notebook(False), notebook(True), HIDDEN, public)


def write(folder, tiny, chosen=None, roster=None, out="release"):
    return release.write(
        folder / out, folder / "key", chosen or course.Course(), [tiny], roster
    )


def load(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_release_and_its_key_are_apart_and_complete(tmp_path, tiny):
    _, problems = write(tmp_path, tiny)
    assert problems == []
    names = sorted(path.name for path in (tmp_path / "release").rglob("*"))
    assert names == ["01_tiny.ipynb", "manifest.json"]
    stored = key.Key.load(tmp_path / "key")
    lesson = stored.lessons["01_tiny"]
    assert [each.name for each in lesson.exercises] == ["easy", "hard"]
    assert lesson.exercises[1].answers == ["a2"]
    assert lesson.exercises[1].checks == ["c2"]
    assert lesson.hidden.read_text() == HIDDEN
    assert SOLUTION in load(lesson.reference)["a2"]


def test_only_the_owner_reads_the_key(tmp_path, tiny):
    write(tmp_path, tiny)
    mode = (tmp_path / "key" / "key.json").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_what_the_kit_shows_is_practice_unless_asked(tiny):
    _, exercises = handout.make(tiny, course.Choice())
    assert [each.practice for each in exercises] == [True, False]
    made, exercises = handout.make(tiny, course.Choice(count_public=True))
    assert [each.practice for each in exercises] == [False, False]
    assert "| Easy | 1 |" in "".join(made["cells"][1]["source"])


def test_points_are_set_in_key_notebook_and_manifest(tmp_path, tiny):
    chosen = course.Course(lessons={"01_tiny": course.Choice(points={"hard": 10})})
    stored, _ = write(tmp_path, tiny, chosen)
    assert stored.lessons["01_tiny"].points == 10
    made = load(tmp_path / "release" / "01_tiny.ipynb")
    points = {
        each["id"]: each["metadata"]["course"]["points"]
        for each in made["cells"]
        if "course" in each["metadata"]
    }
    assert points == {"a1": 0, "c1": 0, "a2": 10, "c2": 10}
    manifest = load(tmp_path / "release" / "manifest.json")
    assert manifest["points"] == {"01_tiny": {"easy": 0, "hard": 10}}


def test_only_chosen_exercises_are_in_the_key(tiny):
    made, exercises = handout.make(tiny, course.Choice(exercises=["hard"]))
    assert [each.name for each in exercises] == ["hard"]
    assert len(made["cells"]) == len(tiny.student["cells"]) + 1


def test_an_exercise_that_is_not_there_is_a_sentence(tiny):
    with pytest.raises(ValueError, match="Received: nosuch"):
        handout.make(tiny, course.Choice(exercises=["nosuch"]))


def test_a_question_in_words_gets_a_cell_to_answer_in(tiny):
    question = {"name": "why", "title": "Why?", "text": "Say why.", "points": 2}
    made, exercises = handout.make(tiny, course.Choice(questions=[question]))
    assert exercises[-1].kind == "text"
    assert made["cells"][-1]["id"] == exercises[-1].answers[0]
    assert made["cells"][-1]["cell_type"] == "markdown"
    assert "Say why." in "".join(made["cells"][-2]["source"])


@pytest.mark.parametrize(
    ("out", "secret"), [("a", "a"), ("a", "a/key"), ("a/b", "a"), ("a", "b/../a/k")]
)
def test_the_key_is_never_inside_the_release(tmp_path, tiny, out, secret):
    with pytest.raises(ValueError, match="apart"):
        release.write(tmp_path / out, tmp_path / secret, course.Course(), [tiny])
    assert list(tmp_path.iterdir()) == []


def test_a_link_does_not_hide_that_the_key_is_inside(tmp_path, tiny):
    (tmp_path / "release").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "release")
    with pytest.raises(ValueError, match="apart"):
        release.write(
            tmp_path / "release", tmp_path / "link" / "key", course.Course(), [tiny]
        )


def test_a_folder_with_something_else_is_not_overwritten(tmp_path, tiny):
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "thesis.txt").write_text("mine")
    with pytest.raises(ValueError, match="Expected a new folder"):
        write(tmp_path, tiny)
    assert (tmp_path / "release" / "thesis.txt").read_text() == "mine"


def test_a_leak_stops_everything(tmp_path, tiny):
    tiny.student["cells"][0]["source"] = ["see: \n", SOLUTION]
    _, problems = write(tmp_path, tiny)
    assert problems == ["01_tiny.ipynb holds the solution of hard in 01_tiny"]
    assert list(tmp_path.iterdir()) == []


def test_each_student_gets_their_own_and_the_grader_knows_which(tmp_path, tiny):
    roster = {f"s{i}": [f"{i}@uni.example"] for i in range(30)}
    write(tmp_path, tiny, roster=roster)
    stored = key.Key.load(tmp_path / "key")
    seen = set()
    for student in roster:
        parameters = stored.parameters(student, "01_tiny")
        made = load(tmp_path / "release" / student / "01_tiny.ipynb")
        text = "".join(made["cells"][2]["source"])
        assert text == f"height = {parameters['height']}\nside = {parameters['side']!r}"
        seen.add(tuple(parameters.values()))
    assert seen == {(height, side) for height in (2, 3, 4) for side in "ab"}
    assert stored.parameters("7@uni.example", "01_tiny") == stored.parameters(
        "s7", "01_tiny"
    )
    assert stored.parameters("stranger", "01_tiny") == {}


def test_a_second_release_with_the_same_key_gives_everybody_the_same(tmp_path, tiny):
    first, _ = write(tmp_path, tiny, roster={"ann": [], "bob": []})
    seed = first.seed
    before = load(tmp_path / "release" / "ann" / "01_tiny.ipynb")
    again, _ = write(tmp_path, tiny, roster={"late": [], "ann": []})
    assert again.seed == seed
    assert load(tmp_path / "release" / "ann" / "01_tiny.ipynb") == before
    assert set(key.Key.load(tmp_path / "key").variants) == {"ann", "bob", "late"}


def test_what_was_handed_out_stays_when_a_lesson_offers_more(tmp_path, tiny):
    roster = {f"s{i}": [] for i in range(20)}
    first, _ = write(tmp_path, tiny, roster=roster)
    before = json.loads(json.dumps(first.variants))
    tiny.student["cells"][1]["source"] = ["height = 9  # variant: 9, 8, 7, 6, 5"]
    again, _ = write(tmp_path, tiny, roster=roster)
    heights = [each["01_tiny"]["height"] for each in again.variants.values()]
    assert heights == [each["01_tiny"]["height"] for each in before.values()]


def test_another_key_gives_other_variants(tmp_path, tiny):
    roster = {f"s{i}": [] for i in range(20)}
    one, _ = write(tmp_path / "one", tiny, roster=roster)
    two, _ = write(tmp_path / "two", tiny, roster=roster)
    assert one.seed != two.seed
    assert one.variants != two.variants


@pytest.mark.parametrize("student", ["../../x", "=HYPERLINK(1)", ".", "a" * 300, "/"])
def test_no_name_leaves_the_release(tmp_path, tiny, student):
    write(tmp_path, tiny, roster={student: []})
    made = list((tmp_path / "release").glob("*/01_tiny.ipynb"))
    assert len(made) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "release"]
    assert key.file_name("a") != key.file_name("A" * 300) != key.file_name("A" * 301)


def test_the_pristine_notebook_keeps_its_choices_and_takes_a_students(tmp_path, tiny):
    stored, _ = write(tmp_path, tiny, roster={"ann": []})
    pristine = load(stored.lessons["01_tiny"].notebook)
    assert variants.declared(pristine) == {"height": [2, 3, 4], "side": ["a", "b"]}
    given = variants.applied(pristine, stored.parameters("ann", "01_tiny"))
    assert given == load(tmp_path / "release" / "ann" / "01_tiny.ipynb")


@pytest.mark.parametrize(
    "line", ["height = 2", "height = 5  # variant: 2, 3", "x = f()  # variant: 1, 2"]
)
def test_a_line_that_is_no_variant_is_named(line):
    bad = {"cells": [cell("v", line, tags=["variant"])]}
    with pytest.raises(ValueError, match="Received: "):
        variants.declared(bad)


def test_rng_follows_from_the_seed_and_the_names(tmp_path, tiny):
    stored, _ = write(tmp_path, tiny)
    first, again, other = (
        stored.rng(student, "01_tiny", "hard").integers(2**60)
        for student in ("ann", "ann", "bob")
    )
    assert first == again != other
    assert stored.digest("ab", "c") != stored.digest("a", "bc")


def test_a_broken_key_is_a_sentence(tmp_path):
    with pytest.raises(ValueError, match="Expected the key"):
        key.Key.load(tmp_path)


def test_the_toml_file_is_read_and_typing_errors_are_named(tmp_path):
    path = tmp_path / "course.toml"
    path.write_text(
        'name = "Autumn"\ncount_public = true\n[lessons.01_tiny]\n'
        'exercises = ["hard"]\npoints = { hard = 2.5 }\n'
    )
    chosen = course.read(path)
    assert chosen.choice("01_tiny").points == {"hard": 2.5}
    assert chosen.choice("01_tiny").count_public
    assert chosen.choice("02_other").count_public
    for text in ("nmae = 1", "[lessons.x]\npoints = { a = true }", "a = ",
                 "[lessons.x]\npoints = { a = -1 }", "lessons = { x = 3 }",
                 '[[lessons.x.questions]]\nname = "a"'):  # fmt: skip
        path.write_text(text)
        with pytest.raises(ValueError, match="Expected"):
            course.read(path)


def test_a_roster_needs_a_student_in_each_row(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text('\ufeffstudent,name\nann,"Lee, Ann"\nbob,\n', encoding="utf-8")
    assert course.read_roster(path) == {"ann": ["Lee, Ann"], "bob": ["bob"]}
    for text in ("name\nann\n", "student\nann\nann\n", "student,name\n,x\n"):
        path.write_text(text)
        with pytest.raises(ValueError, match="column 'student'"):
            course.read_roster(path)


def test_lesson_06_declares_the_bar_of_its_homework():
    built = load(material.ROOT / "notebooks" / "06_denoising.ipynb")
    declared = variants.declared(built)
    assert set(declared) == {"bar_height", "bar_direction", "bar_seed"}
    solved = load(material.ROOT / "solutions" / "06_denoising.ipynb")
    assert variants.declared(solved) == declared


def test_the_command_assigns_a_real_lesson(tmp_path, capsys):
    out, secret = str(tmp_path / "release"), str(tmp_path / "key")
    assert __main__.main(["assign", "06", "--out", out, "--key", secret]) == 0
    said = capsys.readouterr().out
    assert "restore: 4 points" in said
    assert "psnr: practice; cannot be hidden: its check hands back metrics.psnr" in said


def test_the_command_says_what_it_did_not_understand(tmp_path, capsys):
    out, secret = str(tmp_path / "release"), str(tmp_path / "release" / "key")
    assert __main__.main(["assign", "99_nosuch", "--out", out, "--key", secret]) == 1
    assert __main__.main(["assign", "06", "--out", out, "--key", secret]) == 1
    said = capsys.readouterr().out
    assert "Received: 99_nosuch" in said
    assert "two folders apart" in said
    assert list(tmp_path.iterdir()) == []
