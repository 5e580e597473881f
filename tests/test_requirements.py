"""The lists of packages say the same thing everywhere."""

import itertools
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def lines_of(name):
    lines = (ROOT / name).read_text().splitlines()
    return [line for line in map(str.strip, lines) if line and line[0] != "#"]


def requirements_of(lines):
    return {str(Requirement(line)) for line in lines if not line.startswith("-")}


def test_the_package_needs_what_requirements_txt_lists():
    listed = requirements_of(lines_of("requirements.txt"))
    assert listed == requirements_of(PROJECT["dependencies"])


def test_binder_installs_the_root_requirements():
    assert lines_of("binder/requirements.txt") == ["-r ../requirements.txt"]
    assert lines_of("requirements.txt")[-1] == "-e ."


def test_binder_has_a_python_that_the_kit_runs_on():
    version = Version((ROOT / "binder/runtime.txt").read_text().split("-")[1])
    allowed = Requirement(f"kit{PROJECT['requires-python']}").specifier
    assert version in allowed


def test_binder_stops_at_the_first_error_and_fetches_the_data():
    script = ROOT / "binder/postBuild"
    assert "set -e" in script.read_text().splitlines()
    assert "python -m course_utils fetch" in script.read_text()
    assert script.stat().st_mode & 0o111


def test_every_pinned_version_is_inside_its_range():
    pinned = dict(line.split("==") for line in lines_of("constraints.txt"))
    pinned = {canonicalize_name(name): version for name, version in pinned.items()}
    extras = PROJECT["optional-dependencies"].values()
    for line in itertools.chain(PROJECT["dependencies"], *extras):
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate():
            name = canonicalize_name(requirement.name)
            assert Version(pinned[name]) in requirement.specifier, line
