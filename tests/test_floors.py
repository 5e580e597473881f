"""Imports inside course_utils only go down, and the light modules stay light."""

import ast
import subprocess
import sys
from pathlib import Path

import course_utils

ROOT = Path(course_utils.__file__).parent
FLOORS = [
    {
        "data", "corruptions", "losses", "layers", "autodiff",
        "metrics", "plots", "progress", "stop_button", "rate_distortion", "memory",
    },
    {"models", "training"},
    {"checks", "widgets"},
    {"build", "grading", "fetch", "install", "site", "__main__"},
]  # fmt: skip
LIGHT = {
    "data", "corruptions", "metrics", "plots", "progress", "stop_button",
    "rate_distortion", "memory",
}  # fmt: skip


def imports_of(path):
    """Yields the dotted names of all modules that a file imports, at any depth."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules():
    """Yields every file of the package with the name of its top-level module."""
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts != ("__init__",):
            yield parts[0], path


def floor_of(module):
    return next(floor for floor, names in enumerate(FLOORS) if module in names)


def test_every_module_has_a_floor():
    assert {module for module, _ in modules()} <= set().union(*FLOORS)


def test_imports_only_go_down():
    for module, path in modules():
        for name in imports_of(path):
            if name.startswith("course_utils."):
                other = name.split(".")[1]
                allowed = other == module or floor_of(other) <= floor_of(module)
                assert allowed, f"{path} imports {name}"


def test_light_modules_do_not_name_keras():
    for module, path in modules():
        if module in LIGHT:
            heads = {name.split(".")[0] for name in imports_of(path)}
            assert not heads & {"keras", "tensorflow"}, path


def test_only_autodiff_names_a_backend():
    for module, path in modules():
        heads = {name.split(".")[0] for name in imports_of(path)}
        assert module == "autodiff" or "tensorflow" not in heads, path


def test_light_modules_are_imported_without_keras():
    names = ", ".join(f"course_utils.{name}" for name in sorted(LIGHT))
    program = f"import sys, {names}; sys.exit('keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
