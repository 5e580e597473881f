"""Answers are found wherever they moved, and only what they stand on runs."""

import json

import pytest

from course_utils.build import ROOT
from course_utils.grading import answers, parse, slices
from course_utils.grading.borrowed import borrows
from course_utils.grading.names import names
from tests import grading_course as tiny

LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))


def read(notebook):
    return parse.notebook(json.dumps(notebook).encode())


def pristine():
    return {cell.id: cell for cell in read(tiny.notebook())}


def answered(cells, name="double"):
    """Returns the answer to one exercise of the tiny lesson."""
    [exercise] = [each for each in tiny.EXERCISES if each.name == name]
    return answers.find(read(tiny.notebook(cells=cells)), exercise, pristine())


def sources(answer):
    return [cell.source for cell in answer.cells.values()]


def cells(**changed):
    return tiny.notebook(tiny.RIGHT | changed)["cells"]


def code(source, identity=None):
    return tiny.cell(identity or "new", "code", source)


RIGHT = tiny.RIGHT["double"]


@pytest.mark.parametrize(
    "given",
    [
        cells(),
        list(reversed(cells())),
        [code(RIGHT)],
        [code(RIGHT), code(tiny.DOUBLE, "double")],
        [code("double = 3"), code(RIGHT)],
        [code(RIGHT), code("double = checks.double(double)")],
        [code(RIGHT), code("checks.double(double)\ndouble = checks.double(double)")],
        [code(RIGHT + "\ndouble = checks.double(double)")],
        [code(RIGHT.replace("\n", "\r\n"))],
    ],
    ids=[
        "as handed out", "backwards", "retyped without id", "blank left below",
        "an earlier try", "check retyped", "check twice", "check in the same cell",
        "CRLF",
    ],
)  # fmt: skip
def test_an_answer_is_found(given):
    assert sources(answered(given)) == [RIGHT]


@pytest.mark.parametrize(
    "source",
    ["double = lambda x: x", "class double:\n    pass", "import math as double"],
)
def test_an_answer_may_be_anything_that_has_the_name(source):
    assert sources(answered([code(source)])) == [source]


def test_a_blank_a_missing_and_a_checked_only_cell_are_no_answers():
    assert not answered(tiny.notebook()["cells"]).written
    assert not answered([]).written
    assert not answered([code("double = checks.double(double)", "double")]).written


def test_the_last_of_several_answers_counts_and_it_is_said():
    answer = answered([code("double = 1"), code("double = 2")])
    assert sources(answer) == ["double = 2"]
    assert answer.note == "defined more than once; cell 1 was passed over"


def test_an_answer_that_is_no_python_is_still_the_answer():
    assert sources(answered([code("def double(x):\n return (")])) == [
        "def double(x):\n return ("
    ]


def test_a_text_is_found_by_its_id_or_its_first_line():
    for identity in ("why", "other"):
        cell = tiny.cell(identity, "markdown", tiny.RIGHT["why"])
        assert sources(answered([cell], "why")) == [tiny.RIGHT["why"]]


def needed(given, *exercises):
    """Returns the ids of the cells that run for some exercises."""
    student = read(tiny.notebook(cells=given))
    found = {e.name: answers.find(student, e, pristine()) for e in tiny.EXERCISES}
    others = answers.extras(student, found.values(), pristine())
    slots = slices.slots(pristine(), tiny.EXERCISES, found)
    chosen = slices.needed(slots, slices.extra_slots(others), exercises)
    return [slot.id for slot in chosen]


def test_only_what_an_answer_stands_on_runs():
    assert needed(cells(), "double") == ["double"]
    assert needed(
        cells(double="def double(x):\n    return np.add(x, x)"), "double"
    ) == [
        "import",
        "double",
    ]


def test_an_answer_that_stands_on_another_gets_its_check_but_never_its_own():
    assert needed(cells(), "total") == [
        "import",
        "checks",
        "double",
        "check-double",
        "total",
    ]


def test_of_answers_that_are_scored_together_no_check_runs():
    assert needed(cells(), "double", "total") == ["import", "double", "total"]


def test_helpers_of_the_student_run_before_who_needs_them():
    helper = code("import math\ndef twice(x):\n    return 2 * x")
    other = code("factor = twice(1)")
    unused = code("1 / 0")
    given = [*cells(double="double = lambda x: factor * x"), helper, other, unused]
    assert needed(given, "double") == ["extra-11", "extra-12", "double"]


def test_a_name_from_nowhere_brings_in_cells_that_hide_names():
    star = code("from math import *")
    given = [star, *cells(double="double = lambda x: sqrt(x)")]
    assert needed(given, "double") == ["extra-1", "double"]


@pytest.mark.parametrize(
    ("source", "defines", "uses"),
    [
        ("x = y", {"x"}, {"y"}),
        ("def f(a):\n    return a + b", {"f"}, {"b"}),
        ("def f():\n    return g()\ndef g():\n    return 1", {"f", "g"}, set()),
        ("for i in range(3):\n    s += i", {"i", "s"}, {"s", "range"}),
        ("import a.b as c, d.e", {"c", "d"}, set()),
        ("z = [k * w for k in ks]", {"z"}, {"w", "ks"}),
        ("z = {k: v for k, v in {i for i in a}}", {"z"}, {"a"}),
        ("%matplotlib inline\n!ls\nx = 1", {"x"}, set()),
        ("def f():\n    global q\n    q = 1", {"f", "q"}, set()),
        ("@d\nclass A(B):\n    c = e", {"A"}, {"d", "B", "e"}),
        ("with a as b:\n    c = b", {"b", "c"}, {"a"}),
    ],
)
def test_names_are_read_without_running(source, defines, uses):
    read = names(source)
    assert read.defines == defines
    assert read.uses == uses


def test_what_is_changed_in_place_is_seen():
    assert names("a[0] = 1\nb.c = 2\nd.append(3)\nr = fit(m, x)").changes == {
        "a", "b", "d", "m",
    }  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        "double = checks.double(None) or 1",
        "from course_utils.checks import engine\ndouble = engine.CHECKS['double'][1]",
        "from course_utils import checks as c\ndouble = c.double(0)",
        "def kl_divergence(m, v):\n    return losses.kl_divergence(m, v)",
        "from course_utils.losses import kl_divergence",
        "import course_utils.losses.posterior as p\nkl_divergence = "
        "course_utils.losses.posterior.kl_divergence",
    ],
)
def test_the_courses_own_version_is_recognised(source):
    assert borrows([source], "kl_divergence")


@pytest.mark.parametrize(
    "source", [RIGHT, "encode = lambda x: model.encode(x)", "update = {}.update"]
)
def test_an_honest_answer_is_not_taken_for_borrowed(source):
    for exercise in ("double", "encode", "update"):
        assert not borrows([source], exercise)


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_courses_answers_stand_on_known_names_only(lesson):
    """No cell of ours hides names, and every slice is whole: it would run."""
    path = ROOT / "solutions" / f"{lesson}.ipynb"
    stored = json.loads(path.read_text(encoding="utf-8"))
    code_cells = [cell for cell in stored["cells"] if cell["cell_type"] == "code"]
    texts = ["".join(cell["source"]) for cell in code_cells]
    known = set(
        dir(__builtins__) if not isinstance(__builtins__, dict) else __builtins__
    )
    for text in texts:
        assert not names(text).dynamic
        known |= names(text).defines
    for cell, text in zip(code_cells, texts, strict=True):
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            assert names(text).uses <= known
