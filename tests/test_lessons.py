"""Every lesson keeps to the anatomy that students rely on."""

import ast
import itertools
import re
from pathlib import Path
from statistics import median

import jupytext
import pytest

from course_utils import __main__

SOURCES = sorted((Path(__file__).parents[1] / "solutions").glob("[0-9]*.py"))
LINES_PER_CODE_CELL, WORDS_PER_PROSE_CELL, CODE_CELLS_IN_A_ROW = 15, 80, 3


@pytest.fixture(params=SOURCES, ids=lambda path: path.stem, scope="module")
def lesson(request):
    return jupytext.read(request.param)


def code_of(lesson):
    return [cell.source for cell in lesson.cells if cell.cell_type == "code"]


def prose_of(lesson):
    return [cell.source for cell in lesson.cells if cell.cell_type == "markdown"]


def lines_that_count(code):
    """Leaves out docstrings, comments and blank lines: what is typed, not explained."""
    kept = re.sub(r'"""(.|\n)*?"""', "", code)
    lines = (line.strip() for line in kept.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def test_the_first_cell_says_what_for_and_how_long(lesson):
    first = lesson.cells[0].source
    assert re.match(r"# \d+ · ", first)
    for promise in ("**You will**", "**You need**", "**Time**"):
        assert promise in first


def test_the_last_cell_says_what_we_have_seen(lesson):
    last = lesson.cells[-1].source
    assert last.startswith("## What we have seen")
    assert re.search(r"\b(1[89]|20)\d\d\b", last), "sources carry a year"
    assert "Next:" in last


def test_the_second_cell_only_imports_and_sets_the_seed(lesson):
    tree = ast.parse(code_of(lesson)[0])
    *imports, seed = tree.body
    assert all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in imports)
    assert ast.unparse(seed) == "keras.utils.set_random_seed(0)"


def test_code_cells_are_short(lesson):
    lengths = [len(lines_that_count(code)) for code in code_of(lesson)]
    assert max(lengths) <= LINES_PER_CODE_CELL, code_of(lesson)[
        lengths.index(max(lengths))
    ]
    assert median(lengths) <= 8


def words_of(prose):
    """Leaves out tables, formulas and code: what is looked at, not read."""
    kept = re.sub(r"```[\s\S]*?```|\$\$[\s\S]*?\$\$|^\|.*$", "", prose, flags=re.M)
    return re.findall(r"[^\W_]+(?:['’-]\w+)*", kept)


def test_prose_cells_are_short(lesson):
    for prose in prose_of(lesson)[:-1]:
        assert len(words_of(prose)) <= WORDS_PER_PROSE_CELL, prose


def test_prose_breaks_up_the_code(lesson):
    kinds = "".join(cell.cell_type[0] for cell in lesson.cells)
    assert "c" * (CODE_CELLS_IN_A_ROW + 1) not in kinds


def test_headings_stand_in_order(lesson):
    levels = [
        len(match[1])
        for prose in prose_of(lesson)
        for match in re.finditer(r"^(#+) ", re.sub(r"```[\s\S]*?```", "", prose), re.M)
    ]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_a_lesson_asks_for_a_prediction_and_asserts_its_claims(lesson):
    assert any("**Before you run on:**" in prose for prose in prose_of(lesson))
    assert any("assert " in code for code in code_of(lesson))


def test_a_lesson_has_two_to_five_exercises_and_one_assignment_at_most(lesson):
    headings = "\n".join(prose_of(lesson))
    exercises = re.findall(r"^##+ Exercise \d+\.\d+: ", headings, re.M)
    assert 2 <= len(exercises) <= 5
    assert len(re.findall(r"^##+ Assignment \d+: ", headings, re.M)) <= 1


def test_exercises_are_numbered_in_order(lesson):
    number = re.match(r"# (\d+)", lesson.cells[0].source)[1]
    found = re.findall(r"^##+ Exercise (\d+\.\d+):", "\n".join(prose_of(lesson)), re.M)
    assert found == [f"{number}.{i}" for i in range(1, len(found) + 1)]


def test_lessons_speak_keras_not_tensorflow(lesson):
    for code in code_of(lesson):
        assert not re.search(r"\btf\.|tensorflow|torch", code), code


def test_lessons_do_not_touch_the_network(lesson):
    for code in code_of(lesson):
        assert not re.search(r"fetch_|urllib|requests\.|get_file", code), code


def test_pictures_come_through_our_plots_so_that_they_have_a_text(lesson):
    for code in code_of(lesson):
        assert not re.search(r"\bpyplot\b|\bplt\.", code), code


def test_both_notebooks_of_every_lesson_are_fresh(capsys):
    code = __main__.main(["build", "--check"])
    assert code == 0, capsys.readouterr().out
