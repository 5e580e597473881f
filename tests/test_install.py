"""What a newcomer's first minute does when something is missing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course_utils import install

ROOT = Path(__file__).parents[1]


@pytest.fixture
def checkout(tmp_path):
    """Returns a folder with what `make` needs, and no environment yet."""
    (tmp_path / "course_utils").mkdir()
    for name in (*install.FILES, "Makefile", "course_utils/install.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def make(checkout, *arguments, **environment):
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(checkout), "PIP_NO_INDEX": "1"}
    return subprocess.run(
        ["make", *arguments], cwd=checkout, env=clean | environment, text=True,
        capture_output=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("version", [(3, 8), (3, 10), (3, 14), (2, 7)])
def test_a_wrong_python_is_named(version):
    sentence = install.unsuitable(version, "linux", "x86_64")
    assert "needs Python 3.11, 3.12 or 3.13" in sentence
    assert "Received: {}.{}".format(*version) in sentence


def test_an_intel_mac_is_told_where_to_go():
    assert "Binder" in install.unsuitable((3, 12), "darwin", "x86_64")
    assert install.unsuitable((3, 12), "darwin", "arm64") == ""
    assert install.unsuitable((3, 11), "linux", "x86_64") == ""


def test_without_a_suitable_python_make_says_so(checkout):
    (checkout / "python3").write_text("#!/bin/sh\nexec echo 'Python 3.8 was here'\n")
    old = checkout / "old-python"
    old.write_text(f'#!/bin/sh\nexec {sys.executable} {checkout}/as_old.py "$@"\n')
    old.chmod(0o755)
    (checkout / "as_old.py").write_text(
        "import sys; sys.path.insert(0, 'course_utils'); import install\n"
        "sys.version_info = (3, 8)\n"
        "sys.exit(install.main(sys.argv[2], sys.argv[3:]))\n"
    )
    result = make(checkout, "lab", f"PYTHON={old}")
    assert result.returncode != 0
    assert "Received: 3.8" in result.stderr


def test_without_network_make_says_so_and_goes_on_next_time(checkout):
    for _ in range(2):
        result = make(checkout, "lab", f"PYTHON={sys.executable}")
        assert result.returncode != 0
        assert "Is there a network" in result.stderr
        assert not (checkout / ".venv" / "installed-kit").exists()


def test_a_half_made_environment_is_made_again(checkout, monkeypatch):
    monkeypatch.chdir(checkout)
    broken = checkout / ".venv" / "bin"
    broken.mkdir(parents=True)
    (broken / "python").write_text("#!/bin/sh\nexit 1\n")
    (broken / "python").chmod(0o755)
    monkeypatch.setattr(install, "pip_install", lambda *_: [sys.executable, "-c", ""])
    assert install.main(".venv", []) == 0
    assert install.works(".venv")
    assert (checkout / ".venv" / "installed-kit").exists()


def test_a_second_run_installs_nothing(checkout, monkeypatch):
    monkeypatch.chdir(checkout)
    done = []
    monkeypatch.setattr(
        install, "pip_install", lambda *_: done.append(1) or [sys.executable, "-c", ""]
    )
    assert [install.main(".venv", []) for _ in range(3)] == [0, 0, 0]
    assert len(done) == 1
    with open("requirements.txt", "a") as file:
        file.write("# changed\n")
    assert install.main(".venv", []) == 0
    assert len(done) == 2
