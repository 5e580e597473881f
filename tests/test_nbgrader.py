"""Our notebooks go through nbgrader 0.9.6 as they are: nothing for blanks, all for us.

nbgrader lives in an environment of its own (it wants other versions than we do):
`NBGRADER=path/to/nbgrader pytest tests/test_nbgrader.py`.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils.build import command, lessons
from tests.test_build import KNOWN, LESSON

NBGRADER = os.environ.get("NBGRADER") or shutil.which("nbgrader")
CHECKS = """import os


def judged(name, right):
    if not right and os.environ.get("NBGRADER_EXECUTION"):
        raise AssertionError(f"{name}: not written yet")
    print(name)


def double(answer):
    try:
        judged("double", answer(3) == 6)
    except NotImplementedError:
        judged("double", False)
        return lambda x: 2 * x
    return answer


def sizes(answer):
    judged("sizes", answer == [2, 4])
    return answer
"""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not NBGRADER, reason="needs nbgrader: set NBGRADER to its path"),
]


@pytest.fixture
def course(tmp_path):
    """Returns a course whose solved notebook is the source of an assignment."""
    folders = lessons.Folders(tmp_path / "solutions", tmp_path / "notebooks")
    folders.solutions.mkdir()
    (folders.solutions / "01_tiny.py").write_text(LESSON)
    (folders.solutions / "checks.py").write_text(CHECKS)
    assert command.build(folders, known=KNOWN) == 0
    kernel = tmp_path / "jupyter" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Python 3", "language": "python"}
    kernel.write_text(json.dumps(spec))
    hand_in(tmp_path / "source", folders.solutions)
    return tmp_path


def hand_in(folder, notebooks):
    """Puts the built notebook of one folder where nbgrader looks for it."""
    (folder / "lesson").mkdir(parents=True)
    shutil.copy(notebooks / "01_tiny.ipynb", folder / "lesson")


def run_nbgrader(course, *arguments):
    """Runs one nbgrader command in the folder of a course."""
    environment = os.environ | {
        "JUPYTER_PATH": str(course / "jupyter"),
        "PATH": f"{Path(NBGRADER).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(course / "solutions"),
    }
    run = subprocess.run(
        [NBGRADER, *arguments],
        cwd=course,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def test_a_blank_gets_nothing_and_the_solution_all(course):
    run_nbgrader(course, "generate_assignment", "lesson")
    hand_in(course / "submitted" / "blank", course / "notebooks")
    hand_in(course / "submitted" / "released", course / "release" / "lesson")
    hand_in(course / "submitted" / "solved", course / "solutions")
    run_nbgrader(course, "autograde", "lesson")
    run_nbgrader(course, "export")
    with (course / "grades.csv").open() as file:
        rows = list(csv.DictReader(file))
    scores = {row["student_id"]: float(row["raw_score"]) for row in rows}
    assert scores == {"blank": 0, "released": 0, "solved": 7}
    assert {float(row["max_score"]) for row in rows} == {7}


def test_the_solved_notebook_is_valid_and_the_blank_one_is_not(course):
    said = run_nbgrader(course, "validate", "source/lesson/01_tiny.ipynb")
    assert "Success" in said
    said = run_nbgrader(course, "validate", "notebooks/01_tiny.ipynb")
    assert "VALIDATION FAILED ON 2 CELL(S)" in said
