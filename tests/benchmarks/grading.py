"""Submissions per minute: ours, isolated, against nbgrader 0.9.6, on one machine.

Run: python -m tests.benchmarks.grading [LESSON] [OURS] [THEIRS]. All submissions are
the right answers. nbgrader gets an environment of its own (`NBGRADER=path` names one
that is there already), our Python as its kernel, and as much time as it wants.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from course_utils.build import ROOT

VERSION = "0.9.6"
CHOICE = 'name = "Benchmark"\ncount_public = true\n'
CONFIG = "c = get_config()\nc.ExecutePreprocessor.timeout = 3600\n"


def ours(lesson, count, jobs, folder):
    """Grades `count` submissions with `grade`; returns seconds and MB."""
    (folder / "course.toml").write_text(CHOICE)
    course = [sys.executable, "-m", "course_utils"]
    assign = [*course, "assign", lesson, "--out", folder / "release"]
    assign += ["--key", folder / "key", "--config", folder / "course.toml"]
    subprocess.run(assign, check=True, stdout=subprocess.DEVNULL)
    for i in range(count):
        hand_in(folder / "submissions" / f"student {i}", lesson)
    run = [*course, "grade", folder / "submissions", "--key", folder / "key"]
    run += ["--out", folder / "grades", "--jobs", str(jobs)]
    measured = timed(run)
    with (folder / "grades" / "table.csv").open() as file:
        states = [line.split(",")[3] for line in list(file)[1:]]
    assert states == ["graded"] * count, states
    return measured


def nbgrader(lesson, count, folder):
    """Grades `count` submissions with `nbgrader autograde`; returns seconds and MB."""
    program = os.environ.get("NBGRADER") or install(folder / "environment")
    kernel = folder / "jupyter" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Python 3", "language": "python"}
    kernel.write_text(json.dumps(spec))
    (folder / "nbgrader_config.py").write_text(CONFIG)
    hand_in(folder / "source" / lesson, lesson)
    for i in range(count):
        hand_in(folder / "submitted" / f"student{i}" / lesson, lesson)
    path = f"{Path(program).parent}{os.pathsep}{os.environ['PATH']}"
    environment = os.environ | {"JUPYTER_PATH": str(folder / "jupyter"), "PATH": path}
    options = {"cwd": folder, "env": environment}
    timed([program, "generate_assignment", lesson], **options)
    return timed([program, "autograde", lesson], **options)


def install(folder):
    """Makes an environment with nbgrader; returns its program."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip = [folder / "bin" / "pip", "install", "--quiet", f"nbgrader=={VERSION}"]
    subprocess.run(pip, check=True)
    return str(folder / "bin" / "nbgrader")


def hand_in(folder, lesson):
    """Puts the solved notebook of a lesson into a folder."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "solutions" / f"{lesson}.ipynb", folder)


def timed(command, **options):
    """Runs a command; returns its seconds, and what it held at most, in MB."""
    start, peak = time.perf_counter(), [0]
    process = subprocess.Popen(
        [str(part) for part in command], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, **options,
    )  # fmt: skip
    watch = threading.Thread(target=follow, args=(process, peak))
    watch.start()
    said = process.communicate()[0].decode(errors="replace")
    watch.join()
    if process.returncode:
        raise RuntimeError(said[-3000:])
    return time.perf_counter() - start, peak[0]


def follow(process, peak):
    """Notes the most that a process and its children hold, shared memory once."""
    root = psutil.Process(process.pid)
    while process.poll() is None:
        held = 0
        with contextlib.suppress(psutil.Error):
            for each in [root, *root.children(recursive=True)]:
                with contextlib.suppress(psutil.Error):
                    held += each.memory_full_info().pss
        peak[0] = max(peak[0], held // 1_000_000)
        time.sleep(0.5)


def main(lesson="02_linear_autoencoders", count="20", theirs="2", jobs="2"):
    """Prints the table."""
    print("| lesson | grader | submissions | seconds | per minute | MB in all |")
    print("|---|---|---|---|---|---|", flush=True)
    for name, number, measure in (
        (
            f"grade --jobs {jobs}",
            int(count),
            lambda n, f: ours(lesson, n, int(jobs), f),
        ),
        (f"nbgrader {VERSION}", int(theirs), lambda n, f: nbgrader(lesson, n, f)),
    ):
        with tempfile.TemporaryDirectory() as folder:
            seconds, held = measure(number, Path(folder))
        rate = 60 * number / seconds
        row = f"| {lesson} | {name} | {number} | {seconds:.0f} | {rate:.2f} | {held} |"
        print(row, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
