"""The same work on a Dask cluster: a real scheduler and two real worker processes."""

import json
import os
import shutil
import signal

import pytest

from course_utils.grading import course, material, release, submissions, work
from course_utils.grading.isolation import probe
from course_utils.grading.limits import Limits
from course_utils.grading.results import Grades

distributed = pytest.importorskip(
    "distributed", reason="needs the extra: pip install -e '.[cluster]'"
)
from course_utils.grading import cluster  # noqa: E402

pytestmark = [
    pytest.mark.skipif(
        shutil.which("bwrap") is None, reason="needs: apt-get install bubblewrap"
    ),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
HIDDEN = """
from course_utils.grading.requirements import close, requirement

@requirement("double", "doubles each number")
def doubles(student, rng):
    x = rng.normal(size=5)
    return close(student("double", x), 2 * x, hint="times two")
"""
BLANK = "def double(x):\n    raise NotImplementedError"
RIGHT = "import time\ndef double(x):\n    time.sleep(0.3)\n    return x + x"
WRONG = "def double(x):\n    return x ** 2"


def cell(identity, source, **nbgrader):
    about = {"kind": "assignment", "name": "double", "points": 2, "title": "Double"}
    return {
        "cell_type": "code", "id": identity, "source": source, "outputs": [],
        "metadata": {"course": about, "nbgrader": nbgrader}, "execution_count": None,
    }  # fmt: skip


def notebook(source):
    title = {"cell_type": "markdown", "id": "t", "metadata": {}, "source": "# Tiny"}
    answer = cell("a", source, solution=True, grade=False)
    check = cell("c", "double", solution=False, grade=True, points=2)
    return {
        "cells": [title, answer, check],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip


@pytest.fixture
def units(tmp_path):
    """Returns a key and twelve submissions that need no TensorFlow."""
    solved = notebook("# BEGIN SOLUTION\nthe_secret_answer = 1\n# END SOLUTION")
    tiny = material.Material("01_tiny", notebook(BLANK), solved, HIDDEN, {})
    key, problems = release.write(
        tmp_path / "release", tmp_path / "key", course.Course(), [tiny]
    )
    assert problems == []
    for number in range(12):
        source = [RIGHT, WRONG, RIGHT, BLANK][number % 4]
        folder = tmp_path / "submissions" / f"s{number:02}"
        folder.mkdir(parents=True)
        (folder / "01_tiny.ipynb").write_text(json.dumps(notebook(source)))
    students = submissions.collect(tmp_path / "submissions", key)
    return key, [(student, "01_tiny") for student in students]


def grading(key, folder):
    return work.Work(key, Grades(folder), probe("A"), Limits())


def two_workers(**more):
    return distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0",
        silence_logs=50, **more,
    )  # fmt: skip


def stored(folder):
    return {
        path.relative_to(folder): path.read_bytes()
        for path in (folder / "results").rglob("*.json")
    }


def times(folder):
    return [path.stat().st_mtime_ns for path in (folder / "results").rglob("*.json")]


@pytest.mark.slow
def test_a_worker_lost_in_the_middle_costs_nothing(units, tmp_path):
    key, pairs = units
    shared = grading(key, tmp_path / "cluster")
    done, killed = [], None
    with two_workers() as local:
        for outcome in cluster.outcomes(local.scheduler_address, shared, pairs):
            done.append(outcome)
            if len(done) == 3:
                killed = local.workers[0].pid
                os.kill(killed, signal.SIGKILL)
        assert killed not in [nanny.pid for nanny in local.workers.values()]
        first = times(tmp_path / "cluster")
        again = list(cluster.outcomes(local.scheduler_address, shared, pairs))
    assert [error for *_, error in done if error] == []
    points = {student.student: result["points"] for student, _, result, _ in done}
    assert points == {f"s{n:02}": [2, 0, 2, 0][n % 4] for n in range(12)}
    alone = grading(key, tmp_path / "alone")
    assert work.run(alone, pairs, jobs=1) == []
    assert stored(tmp_path / "cluster") == stored(tmp_path / "alone")
    assert len(again) == 12
    assert times(tmp_path / "cluster") == first


def test_workers_that_cannot_isolate_refuse_and_say_why(units, tmp_path, capsys):
    key, pairs = units
    shared = grading(key, tmp_path / "grades")
    with (
        two_workers(env={"PATH": "/nowhere"}) as local,
        pytest.raises(ValueError, match="Expected a worker that can isolate"),
    ):
        list(cluster.outcomes(local.scheduler_address, shared, pairs))
    assert capsys.readouterr().out.count("refuses: ") == 2
    assert stored(tmp_path / "grades") == {}


@pytest.mark.slow
def test_the_key_is_private_on_a_worker_and_gone_afterwards(units, tmp_path):
    key, pairs = units
    shared = grading(key, tmp_path / "grades")
    seen = []

    def look(dask_worker):
        folder = dask_worker.plugins[cluster.NAME].folder
        return str(folder), folder.stat().st_mode & 0o777

    with two_workers() as local, distributed.Client(local) as client:
        for _ in cluster.outcomes(local.scheduler_address, shared, pairs):
            seen = seen or list(client.run(look).values())
    assert [mode for _, mode in seen] == [0o700, 0o700]
    assert not any(os.path.exists(folder) for folder, _ in seen)
