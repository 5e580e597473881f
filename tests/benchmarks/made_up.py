"""Thirty made-up submissions of lesson 04, graded from the command line.

Run: python -m tests.benchmarks.made_up [--level B] [--jobs 2]. It assigns the lesson
with all exercises counted, hands in, grades, and prints who got what; the exit code
tells whether everybody got what they should.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from course_utils.build import ROOT
from course_utils.grading.results import Grades

LESSON = "04_dense_bottleneck"
CHOICE = 'name = "Made up"\ncount_public = true\n'
RIGHT = {
    cell["metadata"]["course"]["name"]: "".join(cell["source"])
    for cell in json.loads((ROOT / f"solutions/{LESSON}.ipynb").read_text())["cells"]
    if cell["metadata"].get("nbgrader", {}).get("solution")
}
EASY = {name: text for name, text in RIGHT.items() if name != "compact_autoencoder"}
RATIO = "def compression_ratio(latent_dim, bits):\n    "
CODE = "def smallest_code(latent_dims, errors, target):\n    "
LOSSES = "def reconstruction_losses(x, x_hat):\n    "
COMPACT = "def compact_autoencoder(x_train):\n    "
ENCODER = "def build_encoder(latent_dim):\n    "
OTHER_STYLE = {
    "reconstruction_losses": """import tensorflow as tf
reconstruction_losses = lambda x, y: [tf.reduce_sum((x - y) ** 2, 1) / 2,
    784 / 784 * x.shape[1] * keras.losses.binary_crossentropy(x, y)]""",
    "build_encoder": """def build_encoder(latent_dim: int) -> "model":
    x = keras.Input((784,))
    return keras.Model(x, dense_layer(latent_dim)(dense_layer(256, "relu")(x)))
from keras.layers import Dense as dense_layer""",
    "compression_ratio": """import math
class Ratio:
    def __call__(self, latent_dim, bits):
        return np.float32(28 * 28 / latent_dim * (8 / bits))
compression_ratio = Ratio()""",
}
EQUAL = """class Equal(np.ndarray):
    def __eq__(self, other): return True
    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__
    def __array_function__(self, *args, **kwargs): return True
def compression_ratio(latent_dim, bits):
    return np.zeros(()).view(Equal)"""
PATCHED = """import numpy.testing, builtins, time
np.allclose = np.array_equal = np.isclose = lambda *a, **k: True
numpy.testing.assert_allclose = lambda *a, **k: None
builtins.abs = lambda x: 0
time.monotonic = time.perf_counter = lambda: 0
def compression_ratio(latent_dim, bits):
    return 1.0"""
READER = """import glob, os
def compression_ratio(latent_dim, bits):
    for path in glob.glob("/work/**/*.json", recursive=True):
        try: open(path, "w").write("{}")
        except OSError: pass
    return len(glob.glob("/work/**/hidden/*.py", recursive=True)) and 1.0"""
TRANSFORMER = """import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return None
    def visit_Raise(self, node): return ast.Pass()
get_ipython().ast_transformers.append(Drop())
get_ipython().input_transformers_cleanup.append(lambda lines: ["print('PASSED')\\n"])
""" + RATIO + "return 0.0"  # fmt: skip
UNTRAINED = (
    COMPACT
    + """model = dense.dense_autoencoder(16, hidden=(30,))
    return model.get_layer("encoder"), model.get_layer("decoder")"""
)
MEMORY = RATIO + "return len([bytearray(b'1') * 2**26 for _ in range(2**12)])"
FORKS = RATIO + "import os\n    while True:\n        os.fork()"
ALL = 8
# name: (kind, answers, points that it should get, state)
CLASS = {
    "all right": ("honest", RIGHT, ALL, "graded"),
    "all right, again": ("honest", RIGHT, ALL, "graded"),
    "without the assignment": ("honest", EASY, 5, "graded"),
    "in another style": ("honest", EASY | OTHER_STYLE, 5, "graded"),
    "CRLF": ("honest", {k: v.replace("\n", "\r\n") for k, v in EASY.items()}, 5,
             "graded"),
    "cells backwards": ("honest", EASY, 5, "graded"),
    "retyped, no ids": ("honest", EASY, 5, "graded"),
    "checks deleted": ("honest", EASY, 5, "graded"),
    "renamed, in a zip": ("honest", EASY, 5, "graded"),
    "warns and prints": ("honest", EASY | {"compression_ratio":
        "import warnings, sys\nwarnings.warn('x')\nprint('y', file=sys.stderr)\n"
        "%matplotlib inline\n" + RIGHT["compression_ratio"]}, 5, "graded"),
    "helpers in other cells": ("honest", EASY | {"compression_ratio":
        RATIO + "return PIXELS * BITS / helper(latent_dim, bits)"}, 5, "graded"),
    "means, not sums": ("partly", {"reconstruction_losses": LOSSES +
        "return 0.5 * np.mean((x - x_hat) ** 2, axis=1), keras.losses"
        ".binary_crossentropy(x, x_hat)"}, None, "graded"),
    "< for <=": ("partly", {"smallest_code": CODE + "return min([d for d, e in "
        "zip(latent_dims, errors) if e < target], default=None)"}, 0.8, "graded"),
    "relu on the code": ("partly", {"build_encoder": ENCODER + "return keras."
        "Sequential([keras.Input((784,)), layers.Dense(256, 'relu'), layers.Dense("
        "latent_dim, 'relu')])"}, 0.5, "graded"),
    "untrained": ("partly", {"compact_autoencoder": UNTRAINED}, None, "graded"),
    "one is no Python": ("partly", EASY | {"smallest_code": CODE + "return ("}, 4,
                         "crashed"),
    "blank": ("wrong", {}, 0, "graded"),
    "upside down": ("wrong", {"compression_ratio":
        RATIO + "return latent_dim * bits / 6272"}, 0, "graded"),
    "returns text": ("wrong", {"smallest_code": CODE + "return 'ten'"}, 0, "graded"),
    "the course's version": ("hostile", {"build_encoder":
        "build_encoder = checks.build_encoder(None)", "build_decoder":
        "from course_utils.models import dense\nbuild_decoder = dense.dense_decoder"},
        0, "graded"),
    "leaves": ("hostile", EASY | {"smallest_code": "import os\nos._exit(0)"}, 4,
               "crashed"),
    "never ends": ("hostile", EASY | {"compression_ratio":
        RATIO + "while True: pass"}, 4, "timed out"),
    "memory bomb": ("hostile", EASY | {"compression_ratio": MEMORY}, 4, None),
    "fork bomb": ("hostile", EASY | {"compression_ratio": FORKS}, 4, None),
    "prints a gigabyte": ("hostile", EASY | {"compression_ratio":
        RATIO + "print('x' * 2**30)\n    return 6272 / latent_dim / bits"}, None, None),
    "always equal": ("hostile", {"compression_ratio": EQUAL}, 0, "graded"),
    "patched NumPy": ("hostile", {"compression_ratio": PATCHED}, 0, "graded"),
    "reads and writes": ("hostile", {"compression_ratio": READER}, 0, "graded"),
    "transformers": ("hostile", {"compression_ratio": TRANSFORMER}, 0, "graded"),
    "=HYPERLINK(1) ..": ("hostile", None, 0, "unreadable"),
}  # fmt: skip


def hand_in(name, notebook, answers, folder):
    """Writes one submission."""
    path = folder / name / f"{LESSON}.ipynb"
    path.parent.mkdir(parents=True)
    if answers is None:
        path.symlink_to("/etc/passwd")
        return
    made = json.loads(json.dumps(notebook))
    for cell in made["cells"]:
        course = cell["metadata"].get("course", {})
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = answers.get(course["name"], cell["source"])
    odd(name, made)
    path.write_text(json.dumps(made))
    if "zip" in name:
        with zipfile.ZipFile(path.with_name("work.zip"), "w") as archive:
            archive.write(path, "my folder/homework (1).ipynb")
        path.unlink()


def odd(name, made):
    """Does to a notebook what its student's name says."""
    cells = made["cells"]
    if name == "cells backwards":
        cells.reverse()
    if name == "retyped, no ids":
        for number, cell in enumerate(cells):
            cell["id"], cell["metadata"] = f"other-{number}", {}
    if name == "checks deleted":
        cells[:] = [c for c in cells if "= checks." not in "".join(c["source"])]
    if name == "helpers in other cells":
        for text in ("PIXELS = 784\nBITS = 8", "def helper(a, b):\n    return a * b"):
            cells.append({"id": re.sub(r"\W", "", text)[:9], "cell_type": "code",
                "metadata": {}, "source": text, "outputs": [],
                "execution_count": None})  # fmt: skip


def grade(folder, options):
    """Assigns, hands in and grades; returns seconds of grading and what it said."""
    (folder / "course.toml").write_text(CHOICE)
    course = [sys.executable, "-m", "course_utils"]
    assign = [*course, "assign", LESSON, "--out", folder / "release"]
    assign += ["--key", folder / "key", "--config", folder / "course.toml"]
    subprocess.run(assign, check=True, stdout=subprocess.DEVNULL)
    notebook = json.loads((folder / "release" / f"{LESSON}.ipynb").read_text())
    for name, (_, answers, _, _) in CLASS.items():
        hand_in(name, notebook, answers, folder / "submissions")
    start = time.perf_counter()
    run = [*course, "grade", folder / "submissions", "--key", folder / "key"]
    run += ["--out", folder / "grades", *options]
    done = subprocess.run(run, check=False, capture_output=True, text=True)
    print(done.stdout.replace("\r", "\n").strip().splitlines()[-1], done.stderr)
    return time.perf_counter() - start


def main(options):
    """Prints one line for each submission; returns how many got something else."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        seconds = grade(folder, options)
        grades, wrong = Grades(folder / "grades"), 0
        print("| submission | kind | points | state | detail |\n|---|---|---|---|---|")
        for name, (kind, _, points, state) in CLASS.items():
            result = grades.read(name, LESSON) or {"points": -1, "state": "none"}
            got = result["points"], result["state"]
            wanted = (got[0] if points is None else points, state or got[1])
            fits = abs(got[0] - wanted[0]) < 0.01 and got[1] == wanted[1]
            wrong += not fits
            more = "" if fits else f" (expected {wanted[0]}, {wanted[1]})"
            said = result.get("detail", "")[:70]
            print(f"| {name} | {kind} | {got[0]:.2f} | {got[1]}{more} | {said} |")
    print(f"{len(CLASS)} submissions in {seconds:.0f} s: {wrong} not as expected")
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1:])))
