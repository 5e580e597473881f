"""Lessons open on Google Colab: one link, and a set-up cell that is quiet elsewhere."""

import os
import subprocess
import sysconfig
import tomllib
import venv
from pathlib import Path

import pytest

from course_utils.build import colab, command, execute, lessons, notebooks
from tests.test_build import CHECKS, KNOWN, LESSON

ROOT = Path(__file__).parents[1]
HERE = "https://github.com/someone/course"
NO_NETWORK = "http://127.0.0.1:9"  # a proxy that is not there


@pytest.fixture
def folders(tmp_path):
    """Returns the folders of a course with one lesson and a public address."""
    made = lessons.Folders(tmp_path / "solutions", tmp_path / "notebooks", HERE)
    made.solutions.mkdir()
    (made.solutions / "checks.py").write_text(CHECKS)
    (made.solutions / "01_tiny.py").write_text(LESSON)
    return made


def elsewhere(folders, repository):
    """Returns the folders of the same course at another address."""
    return lessons.Folders(folders.solutions, folders.notebooks, repository)


def read(folders):
    """Returns the one lesson of the folders."""
    found, problems = lessons.read(folders, known=KNOWN)
    assert problems == []
    return found[0]


def test_each_notebook_has_one_link_and_one_folded_cell_above_the_code(folders):
    lesson = read(folders)
    page = "https://colab.research.google.com/github/someone/course/blob/main"
    for notebook in (lesson.student, lesson.solved):
        text = notebooks.dumps(notebook).decode()
        assert text.count("colab.research.google.com") == 1
        assert f"({page}/notebooks/01_tiny.ipynb)" in notebook.cells[0].source
        assert [i for i, c in enumerate(notebook.cells) if colab.is_set_up(c)] == [1]
        assert notebook.cells[1].metadata.jupyter.source_hidden
        assert f"git+{HERE}" in notebook.cells[1].source


def test_the_other_cells_and_ids_are_those_without_colab(folders):
    with_colab, without = read(folders), read(elsewhere(folders, ""))
    rest = [cell for cell in with_colab.student.cells if not colab.is_set_up(cell)]
    assert [cell.id for cell in rest] == [cell.id for cell in without.student.cells]
    assert [cell.source for cell in rest][1:] == [
        cell.source for cell in without.student.cells
    ][1:]
    ids = [cell.id for cell in with_colab.solved.cells]
    assert len(set(ids)) == len(ids)


@pytest.mark.slow
def test_another_address_is_written_without_executing_again(folders, capsys):
    assert command.build(elsewhere(folders, ""), known=KNOWN) == 0
    assert "cells in" in capsys.readouterr().out
    assert command.check(folders, known=KNOWN) == 1
    assert command.build(folders, known=KNOWN) == 0
    assert "cells in" not in capsys.readouterr().out
    assert command.check(folders, known=KNOWN) == 0
    solved = notebooks.load(folders.pair("01_tiny")[1])
    codes = [cell for cell in solved.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in codes] == [1, 2, 3, 4, 5, 6]
    assert codes[0].outputs == []
    assert [cell.outputs[0].text for cell in codes if execute_checked(cell)] == [
        "checked\n", "checked\n",
    ]  # fmt: skip
    before = folders.pair("01_tiny")[1].read_bytes()
    assert command.build(folders, force=True, known=KNOWN) == 0
    assert folders.pair("01_tiny")[1].read_bytes() == before


def execute_checked(cell):
    return execute.CHECKED in cell.metadata.get("tags", [])


@pytest.mark.slow
def test_a_cell_that_fails_is_still_named_by_its_place_in_the_source(folders, capsys):
    failing = LESSON.replace("import checks\n", "import checks\n\n1 / 0\n")
    (folders.solutions / "01_tiny.py").write_text(failing)
    assert command.build(folders, known=KNOWN) == 1
    said = capsys.readouterr().out
    assert "solutions/01_tiny.py:5: cell 2 of 8 failed" in said


@pytest.mark.parametrize(
    ("urls", "address"),
    [
        (f'[project.urls]\nRepository = "{HERE}"\n', HERE),
        (f'[project.urls]\nRepository = "{HERE}.git/"\n', HERE),
        ("", ""),
    ],
)
def test_the_address_stands_in_pyproject(tmp_path, urls, address):
    (tmp_path / "pyproject.toml").write_text(f'[project]\nname = "x"\n{urls}')
    assert colab.address(tmp_path) == address


def test_colab_gets_the_keras_that_the_kit_needs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (keras,) = [line for line in project["dependencies"] if line.startswith("keras")]
    assert f'"{keras}"' in colab.set_up(HERE)


@pytest.fixture
def bare(tmp_path):
    """Returns the Python of an environment like Colab's: all packages but the kit."""
    venv.create(tmp_path / "bare", symlinks=True)
    (inside,) = (tmp_path / "bare").glob("lib/python*/site-packages")
    for package in Path(sysconfig.get_path("purelib")).iterdir():
        if "autoencoder_course" not in package.name:
            (inside / package.name).symlink_to(package)
    return tmp_path / "bare" / "bin" / "python"


def run_set_up(python, repository, folder):
    """Runs the set-up cell, then asks where the kit comes from."""
    program = colab.set_up(repository) + (
        "\n\nfrom importlib.util import find_spec\n"
        'kit = find_spec("course_utils")\n'
        'print("the kit:", kit and kit.origin)\n'
    )
    clean = {"PATH": os.environ["PATH"], "COURSE_CACHE": str(folder / "cache")}
    # Built with what is here, so that the test needs no network; Colab has one.
    offline = {"PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1"}
    offline |= {"http_proxy": NO_NETWORK, "https_proxy": NO_NETWORK}
    return subprocess.run(
        [python, "-c", program], cwd=folder, env=clean | offline, text=True,
        capture_output=True, check=False, timeout=300,
    )  # fmt: skip


@pytest.mark.slow
def test_elsewhere_the_set_up_cell_does_nothing_and_says_nothing(bare, tmp_path):
    run = run_set_up(bare, "file:///nowhere", tmp_path)
    assert (run.returncode, run.stdout, run.stderr) == (0, "the kit: None\n", "")


def published(folder):
    """Makes a repository of what is committed here, which pip can ask as GitHub's."""
    archive = ["git", "-C", ROOT, "archive", "HEAD", "course_utils", "pyproject.toml"]
    files = subprocess.run(
        [*archive, "README.md", "LICENSE", "LICENSE-prose"],
        check=True,
        capture_output=True,
    )
    folder.mkdir()
    subprocess.run(["tar", "-x"], cwd=folder, input=files.stdout, check=True)
    who = ["-c", "user.name=x", "-c", "user.email=x"]
    for arguments in (
        ["init", "--quiet"],
        ["config", "uploadpack.allowFilter", "true"],
        ["config", "uploadpack.allowAnySHA1InWant", "true"],
        ["add", "."],
        [*who, "commit", "--quiet", "--message=all"],
    ):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


@pytest.mark.slow
def test_on_colab_the_set_up_cell_installs_the_kit_and_puts_the_data_in_place(
    bare, tmp_path
):
    colab_package = tmp_path / "google" / "colab"
    colab_package.mkdir(parents=True)
    (colab_package / "__init__.py").touch()
    clone = published(tmp_path / "clone")
    run = run_set_up(bare, clone.as_uri(), tmp_path)
    assert run.returncode == 0, run.stdout + run.stderr
    said = run.stdout.splitlines()
    inside = bare.parents[1] / "lib"
    assert said[-1].startswith(f"the kit: {inside}")
    assert "The embedded digits serve" in run.stdout or "MNIST is here" in run.stdout
    assert list((tmp_path / "cache").glob("strokes-*.npz"))


@pytest.mark.slow
def test_on_colab_a_wrong_address_stops_at_once(bare, tmp_path):
    (tmp_path / "google" / "colab").mkdir(parents=True)
    (tmp_path / "google" / "colab" / "__init__.py").touch()
    run = run_set_up(bare, f"file://{tmp_path}/nothing", tmp_path)
    assert run.returncode != 0
    assert "CalledProcessError" in run.stderr
