"""The command `grade`: nothing is lost, everything is said, nothing runs unisolated."""

import json
import random
import signal
import subprocess
import sys
import time

import psutil
import pytest

from course_utils.grading import free_text, grade, results
from course_utils.grading.isolation import probe
from tests import grading_course as tiny

ANSWERS = [
    tiny.RIGHT,
    {},
    tiny.RIGHT | {"double": "def double(x):\n    return x"},
    tiny.RIGHT | {"sizes": "sizes = 1 / 0"},
    tiny.RIGHT | {"total": "import os\nos._exit(3)"},
]


@pytest.fixture(scope="module", autouse=True)
def _isolated():
    if probe().level == "C":
        pytest.skip("needs isolation: apt-get install bubblewrap")


def hand_in(folder, count=5):
    """Hands in some notebooks; returns the folder of the class."""
    tiny.make_key(folder / "key", {"absent": []})
    for i in range(count):
        tiny.hand_in(folder / "in", f"student {i:02}", ANSWERS[i % len(ANSWERS)])
    (folder / "in" / "broken").mkdir()
    (folder / "in" / "broken" / f"{tiny.LESSON}.ipynb").write_text("{")
    return folder


def command(folder, out, *options):
    arguments = ["grade", folder / "in", "--key", folder / "key", "--out", folder / out]
    return [sys.executable, "-m", "course_utils", *map(str, [*arguments, *options])]


def run(folder, out, *options):
    made = command(folder, out, *options)
    return subprocess.run(made, check=False, capture_output=True, text=True)


def tree(folder):
    """Returns what a run leaves, but for the seconds that it took."""
    apart = ("seconds.csv", ".lock")
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in apart
    }


def states(folder):
    rows, _, _ = free_text.lms.read(folder / "table.csv")
    return {row[0]: row[3] for row in rows[1:]}


def test_every_outcome_is_told_apart_and_counted(tmp_path):
    done = run(hand_in(tmp_path), "out", "--jobs", "2")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Level A" in done.stdout or "Level B" in done.stdout
    assert "2 workers, as asked" in done.stdout
    assert "7 notebooks: " in done.stdout
    assert states(tmp_path / "out") == {
        "absent": "absent",
        "broken": "unreadable",
        "student 00": "graded",
        "student 01": "graded",
        "student 02": "graded",
        "student 03": "crashed",
        "student 04": "crashed",
    }
    assert len(list((tmp_path / "out" / "feedback").iterdir())) == 7


def test_a_second_run_grades_only_what_changed(tmp_path):
    folder = hand_in(tmp_path, 3)
    assert run(folder, "out").returncode == 0
    before = tree(folder / "out")
    seconds = (folder / "out" / "seconds.csv").read_text()
    tiny.hand_in(folder / "in", "student 01", tiny.RIGHT)
    assert run(folder, "out").returncode == 0
    after = tree(folder / "out")
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {
        "answers.html",
        "feedback/student 01.html",
        "results/student 01/01_tiny.json",
        "table.csv",
    }
    more = (folder / "out" / "seconds.csv").read_text().removeprefix(seconds)
    assert [line.split(",")[0] for line in more.splitlines()] == ["student 01"]


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on_to_the_same_result(tmp_path):
    folder = hand_in(tmp_path, 40)
    assert run(folder, "whole", "--jobs", "2").returncode == 0
    rng = random.Random(0)
    kept = 0
    for attempt in range(20):
        process = subprocess.Popen(
            command(folder, "killed", "--jobs", "2"), stdout=subprocess.DEVNULL
        )
        until = time.monotonic() + (rng.uniform(0.1, 5) if attempt % 4 == 0 else 20)
        stored = folder / "killed" / "results"
        while time.monotonic() < until and len(list(stored.glob("*/*.json"))) <= kept:
            time.sleep(0.01)
        time.sleep(rng.uniform(0, 0.3))
        process.kill()
        process.wait()
        kept = len(list(stored.glob("*/*.json")))
    assert run(folder, "killed", "--jobs", "2").returncode == 0
    assert tree(folder / "killed") == tree(folder / "whole")


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_ended_in_the_middle_it_leaves_no_process(tmp_path, how):
    tiny.make_key(tmp_path / "key")
    tiny.hand_in(tmp_path / "in", "endless", {"double": "while True: pass"})
    process = subprocess.Popen(
        command(tmp_path, "out"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    watched, started = psutil.Process(process.pid), time.monotonic()
    while not (tmp_path / "out").exists() and time.monotonic() < started + 60:
        time.sleep(0.1)
    time.sleep(5)
    children = watched.children(recursive=True)
    process.send_signal(how)
    process.wait(60)
    assert children
    assert psutil.wait_procs(children, timeout=20)[1] == []


def test_a_full_disk_costs_one_result_and_is_said(tmp_path):
    """A limit on the size of files stands for the disk: one result is too large."""
    folder = hand_in(tmp_path, 2)
    tiny.hand_in(folder / "in", "wordy", {"why": "**Question 1**\n" + "word " * 9000})
    arguments = command(folder, "out")[3:]
    program = "import resource, sys; from course_utils.__main__ import main; "
    program += "resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)); "
    program += f"sys.exit(main({arguments!r}))"
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "Not graded: 'wordy' 01_tiny. OSError" in done.stdout
    assert "student 00" in states(folder / "out")
    assert "wordy" not in states(folder / "out")
    assert run(folder, "out").returncode == 0
    assert states(folder / "out")["wordy"] == "graded"


def test_without_isolation_it_refuses_and_says_why(tmp_path):
    done = run(hand_in(tmp_path, 1), "out", "--level", "C")
    assert done.returncode == grade.NOT_ISOLATED == 3
    assert "--i-trust-this-code" in done.stdout
    assert not (tmp_path / "out").exists()
    done = run(tmp_path, "out", "--level", "C", "--i-trust-this-code")
    assert done.returncode == 0
    assert "NOT ISOLATED" in done.stdout


def test_a_key_that_submissions_could_read_is_refused(tmp_path, monkeypatch):
    folder = hand_in(tmp_path, 1)
    monkeypatch.setenv("COURSE_CACHE", str(folder))
    done = run(folder, "out")
    assert done.returncode == 1
    assert "which every submission can read" in done.stdout


def test_marks_of_answers_in_words_count_and_stay(tmp_path):
    folder = hand_in(tmp_path, 1)
    assert run(folder, "out").returncode == 0
    assert (folder / "out" / "answers.html").exists()
    row = ["student 00", tiny.LESSON, "why", "2.5", "well said"]
    (tmp_path / "marks.csv").write_text(results.csv_text([free_text.COLUMNS, row]))
    for options in (["--marks", tmp_path / "marks.csv"], []):
        assert run(folder, "out", *options).returncode == 0
        stored = results.Grades(folder / "out").read("student 00", tiny.LESSON)
        assert (stored["points"], stored["pending"]) == (8.5, 0)
    page = results.Grades(folder / "out").feedback("student 00").read_text()
    assert "Comment: well said" in page


def test_marks_that_make_no_sense_stop_it(tmp_path):
    folder = hand_in(tmp_path, 1)
    (tmp_path / "marks.csv").write_text("a,b\n")
    done = run(folder, "out", "--marks", tmp_path / "marks.csv")
    assert done.returncode == 1
    assert "Expected the columns" in done.stdout


def test_two_at_once_do_not_write_to_one_folder(tmp_path):
    with grade.alone(tmp_path):
        second = grade.alone(tmp_path)
        with pytest.raises(ValueError, match="another `grade`"):
            second.__enter__()


def test_what_is_no_key_is_said_so(tmp_path):
    folder = hand_in(tmp_path, 1)
    (folder / "key" / "key.json").write_text("{}")
    done = run(folder, "out")
    assert (done.returncode, "Expected the key" in done.stdout) == (1, True)


def test_results_say_how_they_came_about(tmp_path):
    folder = hand_in(tmp_path, 1)
    assert run(folder, "out").returncode == 0
    path = folder / "out" / "results" / "student 00" / "01_tiny.json"
    stored = json.loads(path.read_text())
    assert stored["level"] in "AB"
    assert {"reasons", "seed", "version", "inputs", "reproduced"} <= set(stored)
    assert "5e" * 8 not in path.read_text()  # the key's seed stays a secret


def test_the_trusted_process_loads_nothing_heavy():
    heavy = ["keras", "tensorflow", "IPython", "nbclient", "nbformat", "matplotlib"]
    program = f"import sys, course_utils.grading.grade; heavy = {heavy}; "
    program += "sys.exit(' '.join(set(heavy) & set(sys.modules)) or 0)"
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert done.returncode == 0
