"""Our settings for nbval: what it compares, and what it must notice."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow


def run_nbval(folder, source, printed):
    """Runs nbval on a notebook with one compared cell and returns its exit code."""
    shutil.copy(ROOT / "conftest.py", folder)
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": ["nbval-check-output"]})
    cell.execution_count = 1
    cell.outputs = [nbformat.v4.new_output("stream", text=printed)]
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata["kernelspec"] = {"name": "no-such-kernel", "display_name": "x"}
    nbformat.write(notebook, folder / "tiny.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-n", "2"]
    options = ["--dist", "loadscope", "-c", str(ROOT / "pyproject.toml")]
    options += ["--rootdir", str(folder), str(folder)]
    run = subprocess.run(command + options, cwd=folder, check=False)
    return run.returncode


def test_standard_error_and_finished_bars_are_not_compared(tmp_path):
    source = (
        "import sys\n\nprint('noise', file=sys.stderr)\n"
        "print('same')\nprint('50%\\r    \\r', end='')"
    )
    assert run_nbval(tmp_path, source, "same\n") == 0


def test_another_output_is_noticed(tmp_path):
    assert run_nbval(tmp_path, "print('same')", "other\n") == 1


def test_what_tensorflow_says_on_standard_error_is_not_compared(tmp_path):
    source = "import tensorflow as tf\n\nprint(float(tf.reduce_sum(tf.ones(3))))"
    assert run_nbval(tmp_path, source, "3.0\n") == 0
