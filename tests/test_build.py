"""Both notebooks of a lesson, on lessons made up here; no TensorFlow runs."""

import json
import shutil
import signal
import subprocess
import sys
import time
import types

import nbformat
import pytest

import course_utils.build
from course_utils.build import command, execute, exercises, lessons, notebooks

KNOWN = {"double", "half", "sizes"}
LESSON = '''# %% [markdown]
# # 1 · Tiny

# %%
import checks

# %% [markdown] points=4
# ## Exercise 1.1: double it

# %%
def double(x):
    """Returns twice x."""
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION


# %% tags=["nbval-check-output"]
double = checks.double(double)

# %% [markdown]
# ## Assignment 1: sizes

# %%
# BEGIN SOLUTION
sizes = [double(1), 4]
# END SOLUTION

# %% tags=["nbval-check-output"] points=3
sizes = checks.sizes(sizes)
'''
CHECKS = """def double(answer):
    print("checked")
    return answer


half = sizes = double
"""
EXERCISE = """# %% [markdown]
# ## Exercise 1.1: double it

# %%
{stub}

# %%
double = checks.double(double)
"""


@pytest.fixture
def folders(tmp_path):
    """Returns the folders of a course with one lesson that imports a fake check."""
    made = lessons.Folders(tmp_path / "solutions", tmp_path / "notebooks")
    made.solutions.mkdir()
    made.notebooks.mkdir()
    (made.solutions / "checks.py").write_text(CHECKS)
    (made.solutions / "01_tiny.py").write_text(LESSON)
    return made


def read(folders, text):
    """Returns the one lesson of a text."""
    (folders.solutions / "01_tiny.py").write_text(text)
    found, problems = lessons.read(folders, known=KNOWN)
    assert problems == []
    return found[0]


def stub_of(folders, stub):
    """Returns what the students see of the answer cell of an exercise."""
    return read(folders, EXERCISE.format(stub=stub)).student.cells[1].source


def bare(folders):
    """Stores both notebooks as if they had been executed, and returns their paths."""
    lesson = lessons.read(folders, known=KNOWN)[0][0]
    student, solved = folders.pair("01_tiny")
    notebooks.save(student, lesson.student)
    for cell in lesson.solved.cells:
        if execute.CHECKED in cell.metadata.get("tags", []):
            cell.outputs = [nbformat.v4.new_output("stream", text="checked\n")]
    notebooks.save(solved, execute.clean(lesson.solved))
    return student, solved


MISTAKES = {
    "a mark opened and not closed": (
        LESSON.replace("    # END SOLUTION\n\n", ""),
        (13, "BEGIN SOLUTION is not closed"),
    ),
    "a mark closed and not opened": (
        LESSON.replace("    # BEGIN SOLUTION\n", ""),
        (14, "END SOLUTION is closed and was not opened"),
    ),
    "nested marks": (
        LESSON.replace(
            "    return 2 * x\n", "    # BEGIN SOLUTION\n    return 2 * x\n"
        ),
        (14, "marks cannot be nested"),
    ),
    "a mark written differently": (
        LESSON.replace("# END SOLUTION", "#end solution", 1),
        (15, "alone on its line"),
    ),
    "a mark in prose": (
        LESSON.replace("# # 1 · Tiny", "# # BEGIN SOLUTION"),
        (2, "marks in code cells only"),
    ),
    "nothing between the marks": (
        LESSON.replace("    return 2 * x\n", ""),
        (13, "expected a solution between the marks"),
    ),
    "an exercise without a check": (
        LESSON.replace("double = checks.double(double)", "print(double(1))"),
        (13, "expected a check in the next code cell"),
    ),
    "an exercise without a check at the end": (
        LESSON[: LESSON.rindex("# %%")],
        (25, "expected a check in the next code cell"),
    ),
    "a check of another name": (
        LESSON.replace("checks.double(double)", "checks.double(sizes)"),
        (13, "expected a check in the next code cell"),
    ),
    "a check that does not exist": (
        LESSON.replace("checks.sizes(sizes)", "checks.size(sizes)"),
        (30, "course_utils.checks has no function size"),
    ),
    "two checks in a cell": (
        LESSON.replace(
            "checks.sizes(sizes)", "(checks.sizes(sizes), checks.double(double))"
        ),
        (30, "expected one check per cell. Received: sizes, double"),
    ),
    "a name used twice": (
        LESSON.replace("sizes", "double"),
        (25, "the exercise name double is used twice"),
    ),
    "no heading": (
        LESSON.replace("## Assignment 1:", "## Task:"),
        (25, "expected a heading above"),
    ),
    "points that are not a number": (
        LESSON.replace("points=3", 'points="3"'),
        (29, "expected points, a positive number. Received: '3'"),
    ),
    "a cell that is not Python": (
        LESSON.replace("return 2 * x", "return 2 *"),
        (14, "the cell is not valid Python"),
    ),
    "a stub that does not compile": (
        LESSON.replace(
            "    # BEGIN SOLUTION\n    return 2 * x\n    # END SOLUTION\n",
            "    return max(\n        # BEGIN SOLUTION\n        2 * x\n"
            "        # END SOLUTION\n    )\n",
        ),
        (14, "the stub does not compile"),
    ),
    "a stub that stops before its raise": (
        LESSON.replace(
            "    # BEGIN SOLUTION\n", "    return 0\n    # BEGIN SOLUTION\n"
        ),
        (14, "does not run up to its raise"),
    ),
    "a solution that blanks nothing": (
        LESSON.replace("sizes = [double(1), 4]", "print(double)"),
        (25, "nothing is left blank"),
    ),
    "text before the first cell": ("x = 1\n" + LESSON, (1, "one '# %%' line per cell")),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_is_named_with_file_and_line(folders, what):
    text, (line, message) = MISTAKES[what]
    (folders.solutions / "01_tiny.py").write_text(text)
    found, problems = lessons.read(folders, known=KNOWN)
    assert found == []
    assert problems[0].startswith(f"solutions/01_tiny.py:{line}: ")
    assert message in problems[0]


def test_a_name_is_used_in_one_lesson_only(folders):
    (folders.solutions / "02_more.py").write_text(LESSON)
    found, problems = lessons.read(folders, known=KNOWN)
    assert [lesson.name for lesson in found] == ["01_tiny"]
    assert problems == [
        "solutions/02_more.py:13: the exercise name double is used in 01_tiny.py too"
    ]


@pytest.mark.slow
def test_the_checks_of_the_course_are_known_without_importing_them(tmp_path):
    path = tmp_path / "__init__.py"
    path.write_text("from a.b import one, two as three\n\ndef four():\n    pass\n")
    assert exercises.known_checks(path) == {"one", "three", "four"}
    exported = exercises.known_checks()
    program = "from course_utils import checks; print(*checks.__all__)"
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert set(run.stdout.split()) <= exported


def test_a_solution_in_a_function_becomes_a_raise(folders):
    stub = (
        "class Twice:\n"
        "    def __call__(self, x):\n"
        "        y = x\n"
        "        # BEGIN SOLUTION\n"
        "        y = 2 * x\n"
        "        # END SOLUTION\n"
        "        return y\n\n\n"
        "def double(x):\n"
        "    # BEGIN SOLUTION\n"
        "    if x:\n"
        "        return Twice()(x)\n"
        "    return 0\n"
        "    # END SOLUTION"
    )
    assert stub_of(folders, stub) == (
        "class Twice:\n"
        "    def __call__(self, x):\n"
        "        y = x\n"
        "        # YOUR CODE HERE\n"
        "        raise NotImplementedError\n"
        "        return y\n\n\n"
        "def double(x):\n"
        "    # YOUR CODE HERE\n"
        "    raise NotImplementedError"
    )


def test_a_solution_outside_functions_becomes_none(folders):
    stub = "# BEGIN SOLUTION\nhelp_me = 2\ndouble = help_me\n# END SOLUTION"
    assert stub_of(folders, stub) == "double = None  # YOUR CODE HERE"
    stub = "# BEGIN SOLUTION\ndef double(x):\n    return x + x\n# END SOLUTION"
    assert stub_of(folders, stub) == "double = None  # YOUR CODE HERE"


def test_what_is_not_checked_disappears(folders):
    stub = (
        "# BEGIN SOLUTION\ndouble = 2\n# END SOLUTION\n"
        "for _ in range(2):\n"
        "    # BEGIN SOLUTION\n    print(double)\n    # END SOLUTION"
    )
    assert stub_of(folders, stub) == (
        "double = None  # YOUR CODE HERE\n"
        "for _ in range(2):\n    pass  # YOUR CODE HERE"
    )


def test_an_exercise_may_have_several_answer_cells_and_checks(folders):
    text = (
        "# %% [markdown]\n# ## Exercise 1: both\n\n"
        "# %%\ndef double(x):\n    # BEGIN SOLUTION\n    return 2 * x\n"
        "    # END SOLUTION\n\n\n"
        "# %%\n# BEGIN SOLUTION\nhalf = 0.5\n# END SOLUTION\n\n"
        "# %% points=2\ndouble = checks.double(double)\n\n"
        "# %%\nhalf = checks.half(half)\n"
    )
    cells = read(folders, text).solved.cells[1:]
    assert [cell.metadata.course["name"] for cell in cells] == [
        "double", "double", "double", "half",
    ]  # fmt: skip
    assert [cell.metadata.course["points"] for cell in cells] == [3, 3, 2, 1]
    ids = [cell.metadata.nbgrader["grade_id"] for cell in cells]
    assert ids == ["double-answer", "double-answer-2", "double", "half"]


def test_the_heading_of_an_exercise_may_have_subheadings(folders):
    text = EXERCISE.format(stub=LESSON[LESSON.index("def") : LESSON.index("\n\n\n")])
    text = text.replace("it\n", "it\n#\n# ```\n# # code\n# ```\n#\n# ### Hint\n", 1)
    course = read(folders, text).student.cells[1].metadata.course
    assert course["title"] == "Exercise 1.1: double it"


def test_the_metadata_say_what_an_instructor_needs(folders):
    cells = read(folders, LESSON).student.cells
    assert cells[3].metadata == {
        "course": {
            "kind": "exercise",
            "name": "double",
            "points": 4,
            "title": "Exercise 1.1: double it",
        },
        "nbgrader": {
            "cell_type": "code",
            "grade": False,
            "grade_id": "double-answer",
            "locked": False,
            "schema_version": 3,
            "solution": True,
            "task": False,
        },
    }
    assert cells[7].metadata == {
        "course": {
            "kind": "assignment",
            "name": "sizes",
            "points": 3,
            "title": "Assignment 1: sizes",
        },
        "nbgrader": {
            "cell_type": "code",
            "grade": True,
            "grade_id": "sizes",
            "locked": True,
            "points": 3,
            "schema_version": 3,
            "solution": False,
            "task": False,
        },
        "tags": ["nbval-check-output"],
    }


def test_cell_ids_do_not_depend_on_text(folders):
    lesson = read(folders, LESSON)
    text = LESSON.replace("Tiny", "Little").replace("2 * x", "x + x")
    changed = read(folders, text)
    ids = [cell.id for cell in lesson.student.cells]
    assert ids == [cell.id for cell in changed.student.cells]
    assert ids == [cell.id for cell in lesson.solved.cells]
    assert len(set(ids)) == len(ids)
    added = read(folders, LESSON + "\n# %%\nprint(1)\n")
    assert ids == [cell.id for cell in added.student.cells][:-1]


def test_a_student_notebook_has_no_outputs_and_no_solution(folders):
    student = read(folders, LESSON).student
    text = notebooks.dumps(student).decode()
    assert "SOLUTION" not in text
    assert "2 * x" not in text
    codes = [cell for cell in student.cells if cell.cell_type == "code"]
    assert all(cell.execution_count is None and not cell.outputs for cell in codes)


@pytest.mark.slow
def test_building_twice_gives_the_same_bytes_and_executes_once(folders, capsys):
    assert command.build(folders, known=KNOWN) == 0
    assert "01_tiny: 8 cells in" in capsys.readouterr().out
    before = [path.read_bytes() for path in folders.pair("01_tiny")]
    assert command.build(folders, known=KNOWN) == 0
    assert capsys.readouterr().out == ""
    assert command.build(folders, ["01"], force=True, known=KNOWN) == 0
    assert "01_tiny: 8 cells in" in capsys.readouterr().out
    assert before == [path.read_bytes() for path in folders.pair("01_tiny")]
    assert b"\r" not in before[0] + before[1]
    assert command.check(folders, known=KNOWN) == 0
    solved = notebooks.load(folders.pair("01_tiny")[1])
    codes = [cell for cell in solved.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in codes] == [1, 2, 3, 4, 5]
    assert codes[2].outputs[0].text == "checked\n"
    nbformat.validate(solved)


@pytest.mark.slow
def test_a_lesson_that_fails_keeps_its_notebooks_and_the_others_are_built(
    folders, capsys
):
    before = [path.read_bytes() for path in bare(folders)]
    failing = LESSON.replace("import checks\n", "import checks\n\n1 / 0\n")
    (folders.solutions / "01_tiny.py").write_text(failing)
    (folders.solutions / "02_good.py").write_text("# %%\nprint(1)\n")
    assert command.build(folders, known=KNOWN) == 1
    said = capsys.readouterr().out
    assert "solutions/01_tiny.py:5: cell 2 of 8 failed" in said
    assert "ZeroDivisionError: division by zero" in said
    assert "\x1b" not in said
    assert before == [path.read_bytes() for path in folders.pair("01_tiny")]
    assert all(path.exists() for path in folders.pair("02_good"))


@pytest.mark.slow
def test_ctrl_c_keeps_the_old_notebooks(folders):
    before = [path.read_bytes() for path in bare(folders)]
    waiting = LESSON.replace(
        "import checks\n", "import time\n\nopen('on', 'w')\ntime.sleep(60)\n"
    )
    (folders.solutions / "01_tiny.py").write_text(waiting)
    program = (
        "import pathlib, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from course_utils.build import command, lessons\n"
        "folders = lessons.Folders(*map(pathlib.Path, sys.argv[1:]))\n"
        f"command.build(folders, known={KNOWN})\n"
    )
    builder = subprocess.Popen(
        [sys.executable, "-c", program, folders.solutions, folders.notebooks],
        stderr=subprocess.DEVNULL,
    )
    while builder.poll() is None and not (folders.solutions / "on").exists():
        time.sleep(0.1)
    builder.send_signal(signal.SIGINT)
    assert builder.wait(timeout=30) == -signal.SIGINT
    assert before == [path.read_bytes() for path in folders.pair("01_tiny")]
    assert not list(folders.solutions.glob(".*"))


@pytest.mark.slow
def test_a_kernel_that_ends_is_a_failure(folders, capsys):
    (folders.solutions / "01_tiny.py").write_text("# %%\nimport os\n\nos._exit(1)\n")
    assert command.build(folders, known=KNOWN) == 1
    said = capsys.readouterr().out
    assert "solutions/01_tiny.py:2: cell 1 of 1 failed\nthe kernel ended" in said
    assert not folders.pair("01_tiny")[1].exists()


@pytest.mark.slow
def test_a_kernel_works_in_the_solutions_with_the_embedded_digits(folders, monkeypatch):
    monkeypatch.setenv("COURSE_DIGITS", "mnist")
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    program = (
        "# %%\nimport os\nimport sys\n\n"
        "names = ['COURSE_DIGITS', 'MPLBACKEND', 'NBGRADER_EXECUTION']\n"
        "print(os.path.basename(os.getcwd()), *map(os.environ.get, names))\n"
        "print(sys.executable)\nprint('noise', file=sys.stderr)\n"
    )
    (folders.solutions / "01_tiny.py").write_text(program)
    assert command.build(folders, known=KNOWN) == 0
    (output,) = notebooks.load(folders.pair("01_tiny")[1]).cells[0].outputs
    first, second = output.text.splitlines()
    assert first.startswith("solutions strokes module://matplotlib_inline")
    assert first.endswith("None")
    assert second == sys.executable


@pytest.mark.slow
def test_a_compared_cell_that_shows_nothing_is_a_failure(folders, capsys):
    text = '# %% tags=["nbval-check-output"]\nx = 1\n'
    (folders.solutions / "01_tiny.py").write_text(text)
    assert command.build(folders, known=KNOWN) == 1
    assert "a compared cell shows nothing" in capsys.readouterr().out


def test_outputs_keep_only_what_lasts():
    new = nbformat.v4.new_output
    cell = nbformat.v4.new_code_cell("x")
    cell.metadata["execution"] = {"iopub.status.busy": "2026-01-01"}
    cell.execution_count = 7
    cell.outputs = [
        new("stream", name="stderr", text="noise\n"),
        new("stream", text="\r 0%"),
        new("stream", text="\r50%\r    \r"),
        new("stream", text="trained\nbar\r   \r"),
        new("stream", name="stderr", text="noise\n"),
        new("display_data", data={execute.WIDGET: {}, "image/png": "iVBO"}),
        new("display_data", data={execute.WIDGET: {}}),
        new("execute_result", data={"text/plain": "1"}, execution_count=7),
        new("stream", text="bar\r   \r"),
    ]
    notebook = execute.clean(nbformat.v4.new_notebook(cells=[cell]))
    assert cell.metadata == {}
    assert [dict(output) for output in notebook.cells[0].outputs] == [
        {"output_type": "stream", "name": "stdout", "text": "trained\n"},
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": "iVBO"}},
        {
            "output_type": "execute_result",
            "metadata": {},
            "data": {"text/plain": "1"},
            "execution_count": 1,
        },
    ]
    assert cell.execution_count == 1


def test_outputs_of_an_unchanged_source_are_kept_when_the_builder_changes(folders):
    _, solved = bare(folders)
    before = solved.read_bytes()
    notebook = notebooks.load(solved)
    notebook.cells[0]["id"] = "another"
    notebooks.save(solved, notebook)
    assert command.check(folders, known=KNOWN) == 1
    assert command.build(folders, known=KNOWN) == 0
    assert solved.read_bytes() == before


def test_new_prose_is_built_without_executing(folders, capsys):
    _, solved = bare(folders)
    path = folders.solutions / "01_tiny.py"
    path.write_text(path.read_text().replace("sizes\n\n# %%", "many sizes\n\n# %%"))
    assert command.check(folders, known=KNOWN) == 1
    capsys.readouterr()
    assert command.build(folders, known=KNOWN) == 0
    assert capsys.readouterr().out == ""  # a lesson that runs says so
    assert command.check(folders, known=KNOWN) == 0
    assert "many sizes" in solved.read_text()


def change(path, **changes):
    """Changes the first cell of a notebook that has all the named fields."""
    notebook = json.loads(path.read_text())
    cell = next(cell for cell in notebook["cells"] if changes.keys() <= cell.keys())
    cell.update(changes)
    path.write_text(json.dumps(notebook))


def edit_the_source(folders, student, solved):
    path = folders.solutions / "01_tiny.py"
    path.write_text(path.read_text() + "\n# %%\n")


def edit_a_comment_of_the_source(folders, student, solved):
    path = folders.solutions / "01_tiny.py"
    header = "# ---\n# jupyter:\n#   a: 1\n# ---\n\n"
    path.write_text(header + path.read_text())


def drop_an_output(folders, student, solved):
    notebook = json.loads(solved.read_text())
    notebook["cells"][4]["outputs"] = []
    solved.write_text(json.dumps(notebook))


def drop_the_hash(folders, student, solved):
    notebook = json.loads(solved.read_text())
    del notebook["metadata"]["course"]
    solved.write_text(json.dumps(notebook))


def drop_a_cell(folders, student, solved):
    notebook = json.loads(solved.read_text())
    notebook["cells"].pop()
    solved.write_text(json.dumps(notebook))


STALE = {
    "the source was edited": (edit_the_source, "01_tiny.ipynb"),
    "the header was edited": (edit_a_comment_of_the_source, "solutions/01_tiny.ipynb"),
    "the student's is missing": (
        lambda folders, student, solved: student.unlink(),
        "notebooks/01_tiny.ipynb: not built",
    ),
    "the student's was edited": (
        lambda folders, student, solved: change(student, source="x", outputs=[]),
        "notebooks/01_tiny.ipynb: differs from its source",
    ),
    "the student's was run": (
        lambda folders, student, solved: change(student, execution_count=1),
        "notebooks/01_tiny.ipynb: differs from its source",
    ),
    "the student's has other line ends": (
        lambda folders, student, solved: student.write_bytes(
            student.read_bytes().replace(b"\n", b"\r\n")
        ),
        "notebooks/01_tiny.ipynb: differs from its source",
    ),
    "the solved one is missing": (
        lambda folders, student, solved: solved.unlink(),
        "solutions/01_tiny.ipynb: not built",
    ),
    "the solved one is no notebook": (
        lambda folders, student, solved: solved.write_text("{}"),
        "solutions/01_tiny.ipynb: not built, or not a notebook",
    ),
    "the solved one was edited": (
        lambda folders, student, solved: change(solved, source="x"),
        "solutions/01_tiny.ipynb: differs from its source",
    ),
    "the solved one has another id": (
        lambda folders, student, solved: change(solved, id="x"),
        "solutions/01_tiny.ipynb: differs from its source",
    ),
    "the solved one has other metadata": (
        lambda folders, student, solved: change(solved, metadata={"tags": ["x"]}),
        "solutions/01_tiny.ipynb: differs from its source",
    ),
    "the solved one lost a cell": (drop_a_cell, "solutions/01_tiny.ipynb: differs"),
    "the solved one lost its hash": (drop_the_hash, "solutions/01_tiny.ipynb: differs"),
    "the solved one was not run": (
        lambda folders, student, solved: change(solved, execution_count=None),
        "solutions/01_tiny.ipynb: outputs are missing, cell 2",
    ),
    "an output is missing": (
        drop_an_output,
        "solutions/01_tiny.ipynb: outputs are missing, cell 5",
    ),
    "a student's notebook has no source": (
        lambda folders, student, solved: shutil.copy(
            student, student.with_name("09_old.ipynb")
        ),
        "notebooks/09_old.ipynb: has no source solutions/09_old.py",
    ),
    "a solved notebook has no source": (
        lambda folders, student, solved: shutil.copy(
            solved, solved.with_name("draft.ipynb")
        ),
        "solutions/draft.ipynb: has no source solutions/draft.py",
    ),
}


@pytest.mark.parametrize("what", STALE)
def test_check_fails_when(folders, capsys, what):
    breaks, message = STALE[what]
    student, solved = bare(folders)
    assert command.check(folders, known=KNOWN) == 0
    breaks(folders, student, solved)
    assert command.check(folders, known=KNOWN) == 1
    assert message in capsys.readouterr().out


def test_a_lesson_is_chosen_by_name_number_or_path(folders):
    (folders.solutions / "02_more.py").write_text("# %%\n1\n")
    for wanted in ("02", "02_more", "solutions/02_more.py"):
        found, problems = lessons.read(folders, [wanted], KNOWN)
        assert [lesson.name for lesson in found] == ["02_more"]
        assert problems == []
    found, problems = lessons.read(folders, ["more"], KNOWN)
    assert (found, problems) == ([], ["Expected the name of a lesson. Received: more"])


def test_saving_leaves_the_old_notebook_when_it_fails(folders):
    student, _ = bare(folders)
    before = student.read_bytes()
    broken = lessons.read(folders, known=KNOWN)[0][0].student
    broken.cells[0]["source"] = 5
    with pytest.raises(nbformat.ValidationError):
        notebooks.save(student, broken)
    assert student.read_bytes() == before
    assert list(folders.notebooks.iterdir()) == [student]


def test_the_command_line_says_what_it_cannot_do_without(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "jupytext", None)
    for name in [name for name in sys.modules if name.startswith("course_utils.build")]:
        monkeypatch.delitem(sys.modules, name)
    args = types.SimpleNamespace(lessons=[], check=True, force=False)
    assert course_utils.build.main(args) == 1
    assert "pip install -e '.[dev]'" in capsys.readouterr().out
