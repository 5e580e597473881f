"""The sandbox runs honest notebooks as a notebook would, and tells how it went."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from course_utils.grading import bubblewrap, isolation, parent
from course_utils.grading.isolation import Isolation
from course_utils.grading.limits import Limits
from course_utils.grading.sandbox import AnswerError, UntrustedError, Workshop
from course_utils.grading.values import Name
from tests import rooms


@pytest.fixture(scope="module", params=["A", "B"])
def workshop(request):
    found = rooms.isolation(request.param)
    modules = ("numpy", "matplotlib.pyplot", "course_utils.data")
    limits = Limits(wall=60, text=3000)
    with Workshop(found, limits, modules=modules) as made:
        yield made


def ran(workshop, *sources, **options):
    """Runs cells and returns the session; each cell is called by its number."""
    return workshop.open(
        [(str(i), source) for i, source in enumerate(sources)], **options
    )


ODDITIES = {
    "a warning": "import warnings; warnings.warn('careful')\nanswer = 1",
    "standard error": "import sys; print('careful', file=sys.stderr)\nanswer = 1",
    "the log": "import logging; logging.warning('careful')\nanswer = 1",
    "a bar": "from course_utils.progress import bar\nfor answer in bar([0, 1]): pass",
    "a pair of line ends": "answer = 0\r\nif True:\r\n    answer = 1\r\n",
    "a magic": "%matplotlib inline\n%time answer = 1",
    "a magic for the cell": "%%time\nanswer = 1",
    "a command": "out = !echo 1\nanswer = int(out[0])",
    "a question": "print?\nanswer = 1",
    "a coroutine": "import asyncio\nawait asyncio.sleep(0)\nanswer = 1",
    "a thread": "from concurrent.futures import ThreadPoolExecutor as Pool\n"
    "with Pool(2) as pool: answer = list(pool.map(abs, [-1]))[0]",
    "a program": "import subprocess, sys\n"
    "answer = int(subprocess.check_output([sys.executable, '-c', 'print(1)']))",
    "a file": "open('x.txt', 'w').write('1')\nanswer = int(open('x.txt').read())",
    "a temporary file": "import tempfile\n"
    "with tempfile.TemporaryFile() as f: answer = f.write(b'1')",
    "another import": "import scipy.special\nanswer = int(scipy.special.gamma(2))",
    "a lambda": "f = lambda: 1\nanswer = f()",
    "a data class": "import dataclasses\n@dataclasses.dataclass\nclass A: x: int\n"
    "answer = A(1).x",
    "a generator of numbers": "answer = int(np.random.default_rng(0).integers(1, 2))",
    "no import": "answer = 1",
    "an underscore": "1 + 0\nanswer = 1",
    "the last line alone": "answer = 1\nanswer",
    "a name of the shell": "display(1)\nanswer = 1",
    "no keyboard needed": "import getpass, builtins\nanswer = 1",
    "a long line": "x = '" + "y" * 50000 + "'\nanswer = 1",
    "a greeting in Greek": "γ = 1; print('Καλημέρα 🙂')\nanswer = γ",
}


@pytest.mark.parametrize("name", ODDITIES)
def test_an_honest_oddity_gives_its_answer(workshop, name):
    with ran(workshop, "import numpy as np", ODDITIES[name]) as session:
        assert session.report.cells[1].error == ""
        assert session.get("answer") == 1


def test_processes_of_multiprocessing_work(workshop, request):
    if workshop.isolation.level == "B":
        reason = "level B closes /dev/shm, where semaphores live"
        request.applymarker(pytest.mark.xfail(strict=True, reason=reason))
    source = "import multiprocessing as m\nwith m.get_context('fork').Pool(2) as pool:"
    source += "\n    answer = pool.map(abs, [-1, -2])"
    with ran(workshop, source) as session:
        assert session.get("answer") == [1, 2]


def test_a_failing_cell_is_reported_and_stops_no_other(workshop):
    cells = "print('one')", "def f(", "1 / 0", "import sys; sys.exit()", "answer = 5"
    with ran(workshop, *cells) as session:
        states = [cell.status for cell in session.report.cells]
        assert states == ["ok", "error", "error", "error", "ok"]
        assert session.report.cells[0].text == "one\n"
        assert session.report.cells[1].error.startswith("SyntaxError")
        assert session.report.cells[2].error == "ZeroDivisionError: division by zero"
        assert session.report.ended == "ok"
        assert session.get("answer") == 5


def test_a_picture_is_kept_and_verified(workshop):
    draw = "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])"
    widget = "import ipywidgets\nipywidgets.IntSlider()"
    with ran(workshop, draw, "plt.plot([2, 1]); plt.show()", widget, "1") as session:
        first, second, slider, number = session.report.cells
        assert [len(cell.pictures) for cell in session.report.cells] == [1, 1, 0, 0]
        assert first.pictures[0].startswith(b"\x89PNG")
        assert first.pictures != second.pictures
        assert "IntSlider" in slider.text
        assert number.text == "1\n"


def test_functions_are_called_with_values_and_keep_what_cannot_cross(workshop):
    source = """
import numpy as np
class Model:
    units = 3
    def predict(self, x, scale=1.0): return scale * x.sum(axis=0)
def pair(): return Model(), {'twice': lambda model, x: 2 * model.predict(x)}
"""
    x = np.arange(6, dtype="float32").reshape(2, 3)
    with ran(workshop, source) as session:
        session.keep("both", "pair")
        assert session.get("both.0.units") == 3
        got = session.call("both.0.predict", x, scale=2.0)
        assert got.dtype == np.float32
        np.testing.assert_array_equal(got, 2 * x.sum(axis=0))
        got = session.call("both.1.twice", Name("both.0"), x)
        np.testing.assert_array_equal(got, 2 * x.sum(axis=0))
        with pytest.raises(AnswerError) as caught:
            session.get("both.0")
        assert caught.value.kind == "value"
        with pytest.raises(AnswerError) as caught:
            session.get("nobody")
        assert caught.value.kind == "missing"
        with pytest.raises(AnswerError, match="TypeError") as caught:
            session.call("both.0.predict")
        assert caught.value.kind == "raised"
        assert session.get("both.0.units") == 3


def test_the_same_cells_and_seed_give_the_same_numbers(workshop):
    source = "import random, numpy as np\nanswer = [random.random(), np.random.rand(3),"
    source += " hash('a'), list({'a', 'b', 'c'})]"
    with ran(workshop, source, seed=1) as session:
        first = session.get("answer")
    with ran(workshop, source, seed=1) as session:
        np.testing.assert_equal(session.get("answer"), first)
    with ran(workshop, source, seed=2) as session:
        assert session.get("answer")[0] != first[0]


def test_a_python_of_which_others_see_nothing_is_noticed(tmp_path, monkeypatch):
    (tmp_path / "closed" / "venv").mkdir(parents=True)
    (tmp_path / "closed").chmod(0o700)
    for name in ("closed/venv", "closed"):
        monkeypatch.setattr(sys, "prefix", str(tmp_path / name))
        assert parent.only_for_root()


def test_the_environment_is_made_from_nothing(workshop, monkeypatch):
    monkeypatch.setenv("COURSE_CANARY", "secret")
    workshop._stop()
    with ran(
        workshop, "import os; answer = dict(os.environ)", environment={"BAR": "8"}
    ) as session:
        found = session.get("answer")
    assert found["BAR"] == "8"
    assert found["COURSE_DIGITS"] == "strokes"
    assert found["HOME"] != os.environ["HOME"]
    ours = set(os.environ) - {"PATH", "HOME", "USER", "LANG", "TERM", "LINES", "PWD"}
    ours -= {
        "COLUMNS",
        "PAGER",
        "GIT_PAGER",
        "CLICOLOR",
        "FORCE_COLOR",
        "COURSE_DIGITS",
    }
    ours -= {name for name in ours if name.startswith(("TF_", "PYTHON", "MPL", "OMP"))}
    assert not ours & set(found)


def test_opening_the_next_submission_closes_the_last(workshop):
    first = ran(workshop, "answer = 1")
    second = ran(workshop, "answer = 2")
    with pytest.raises(AnswerError) as caught:
        first.get("answer")
    assert caught.value.kind == "over"
    assert second.get("answer") == 2


def test_a_workshop_that_was_killed_starts_anew(workshop):
    ran(workshop, "answer = 1")
    workshop._parent.process.kill()
    workshop._parent.process.wait()
    with ran(workshop, "answer = 2") as session:
        assert session.get("answer") == 2


def test_nothing_survives_a_grader_that_was_killed():
    found = rooms.isolation("A")
    program = f"""
import os, sys
from course_utils.grading.isolation import Isolation
from course_utils.grading.sandbox import Workshop
workshop = Workshop(Isolation({found.level!r}, {found.nested}), modules=())
session = workshop.open([("a", "import os, time\\nif os.fork() == 0: time.sleep(999)")])
print(workshop._parent.pid, flush=True)
os.kill(os.getpid(), 9)
"""
    run = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE)
    assert run.returncode == -9
    pid = int(run.stdout)
    assert rooms.eventually(lambda: not os.path.exists(f"/proc/{pid}"))


def test_a_sandbox_for_each_session_where_namespaces_do_not_nest():
    rooms.isolation("A")
    with Workshop(Isolation("A"), modules=()) as workshop:
        parents = []
        for i in range(2):
            peep = "open('/proc/1/mem', 'r+b')"
            with ran(workshop, f"answer = {i}", peep) as session:
                assert session.get("answer") == i
                assert "PermissionError" in session.report.cells[1].error
                parents.append(session._parent.pid)
        assert parents[0] != parents[1]
        assert "slower" in str(workshop.isolation)


def test_level_c_runs_only_what_is_trusted():
    with pytest.raises(UntrustedError, match="NOT ISOLATED"):
        Workshop(Isolation("C"), modules=())
    with Workshop(Isolation("C"), modules=(), trust=True) as workshop:
        assert ran(workshop, "answer = 1").get("answer") == 1


def test_the_probe_finds_what_an_open_door_lets_through(monkeypatch, tmp_path):
    rooms.isolation("A")
    tmp_path.chmod(0o755)
    found = bubblewrap.folders()
    monkeypatch.setattr(bubblewrap, "folders", lambda cache=None: [*found, tmp_path])
    monkeypatch.setattr(isolation.tempfile, "tempdir", str(tmp_path))
    assert "a file can be read" in isolation._weaknesses(Isolation("A", nested=True))


def test_without_bubblewrap_one_sentence_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    found = isolation.probe("A")
    assert found.level == "C"
    assert "apt-get install bubblewrap" in found.reasons[0]


def test_neither_solutions_nor_tests_are_in_sight():
    kit = bubblewrap.Path(isolation.__file__).parents[2]
    for folder in bubblewrap.folders(kit / "cache"):
        assert not (kit / "solutions").is_relative_to(folder)
        assert not (kit / "tests").is_relative_to(folder)


def test_the_trusted_side_imports_neither_keras_nor_a_notebook():
    program = """
import json, sys
from course_utils.grading import isolation, sandbox
heavy = {"keras", "tensorflow", "IPython", "ipykernel", "nbclient", "matplotlib"}
print(json.dumps(sorted(heavy & set(sys.modules))))
"""
    output = subprocess.check_output([sys.executable, "-c", program])
    assert json.loads(output) == []


@pytest.mark.slow
@pytest.mark.parametrize("level", ["A", "B"])
def test_tensorflow_trains_in_a_fork_and_repeats_to_the_last_digit(level):
    cells = """
import keras, numpy as np
keras.utils.set_random_seed(0)
x = np.random.default_rng(0).uniform(size=(256, 28, 28, 1)).astype('float32')
model = keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(4, 3),
    keras.layers.Flatten(), keras.layers.Dense(8), keras.layers.Dense(784)])
model.compile('adam', 'mse')
_ = model.fit(x, x.reshape(256, 784), epochs=1, verbose=1)
"""
    x = np.ones((3, 28, 28, 1), "float32")
    with Workshop(rooms.isolation(level)) as workshop:
        assert workshop._parent.threads == 1
        seen = []
        for _ in range(2):
            with ran(workshop, cells) as session:
                assert session.report.cells[0].error == ""
                seen.append(session.call("model.predict", x, verbose=0))
                weights = session.call("model.get_weights")
    assert weights[0].shape == (3, 3, 1, 4)
    assert np.isfinite(seen[0]).all()
    np.testing.assert_array_equal(seen[0], seen[1])
