"""The folder binder/ as repo2docker reads it: its own detection, without Docker."""

import subprocess

import pytest
from repo2docker.app import Repo2Docker

from tests.browser.server import ROOT, settings

PIP = "${KERNEL_PYTHON_PREFIX}/bin/pip install --no-cache-dir -r"


@pytest.fixture
def build(monkeypatch):
    """Returns the build pack that repo2docker chooses for this repository."""
    monkeypatch.chdir(ROOT)
    app = Repo2Docker()
    packs = [pack(app.base_image) for pack in app.buildpacks]
    found = next(pack for pack in packs if pack.detect())
    found.platform = "linux/amd64"
    return found


def test_it_is_built_as_a_python_project_from_our_folder(build):
    assert type(build).__name__ == "PythonBuildPack"
    assert build.binder_dir == "binder"
    assert build.python_version == "3.12"


def test_the_kit_is_installed_when_all_its_files_are_there(build):
    """`-e .` would fail in a layer that has only the lists of packages."""
    scripts = [script for _, script in build.get_assemble_scripts()]
    assert f'{PIP} "binder/requirements.txt"' in scripts
    early = [script for _, script in build.get_preassemble_scripts()]
    assert not any("pip install" in script for script in early)


def test_the_data_are_fetched_at_the_end_and_our_start_script_is_used(build):
    assert build.get_post_build_scripts() == ["binder/postBuild"]
    assert build.get_start_script() == "${REPO_DIR}/binder/start"
    assert (ROOT / "binder/start").stat().st_mode & 0o111
    recipe = build.render({})
    assert recipe.index("binder/requirements.txt") < recipe.index("./binder/postBuild")


def test_binder_sets_the_variables_that_the_makefile_sets():
    start = [ROOT / "binder/start", "env"]
    started = subprocess.run(start, env={}, capture_output=True, text=True, check=True)
    wanted = {f"{name}={value}" for name, value in settings().items()}
    assert len(wanted) == 3
    assert wanted <= set(started.stdout.splitlines())
