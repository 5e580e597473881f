"""Opens a lesson on Google Colab: a link under its title, and a set-up cell."""

import tomllib

TAG = "colab"
METADATA = {"jupyter": {"source_hidden": True}, "tags": [TAG]}
PAGE = (
    "https://colab.research.google.com/github/{where}/blob/main/notebooks/{name}.ipynb"
)
# Colab has TensorFlow and most of our packages, so --no-deps: it stays quick, and
# nothing that already runs there is replaced.
SET_UP = """\
# Google Colab only: this cell puts the course in place. Elsewhere it does nothing.
import subprocess
import sys
from importlib.util import find_spec

if find_spec("google") and find_spec("google.colab"):
    packages = ["keras>=3.14,<4", "git+{repository}"]
    pip = ["pip", "install", "--quiet", "--no-deps", *packages]
    subprocess.run([sys.executable, "-m", *pip], check=True)
    subprocess.run([sys.executable, "-m", "course_utils", "fetch"], check=True)"""


def address(root):
    """Returns where the course is published, as pyproject.toml says.

    Args:
        root: `Path` of the repository.

    Returns:
        String, such as `"https://github.com/OWNER/REPO"`, without an ending; "" if
        nothing is said there.
    """
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    named = tomllib.loads(text)["project"].get("urls", {}).get("Repository", "")
    return named.rstrip("/").removesuffix(".git")


def link(repository, name):
    """Returns the Markdown that opens the students' notebook of a lesson.

    Args:
        repository: String, what `address` returns.
        name: String, the lesson, such as `"04_dense_bottleneck"`.
    """
    where = "/".join(repository.split("/")[-2:])
    return f"[▶ Open in Google Colab]({PAGE.format(where=where, name=name)})"


def set_up(repository):
    """Returns the code of the set-up cell.

    Args:
        repository: String, what `address` returns, or any address git can clone.
    """
    return SET_UP.format(repository=repository)


def is_set_up(cell):
    """Tells whether the builder put this cell in: it is in no source."""
    return TAG in cell.metadata.get("tags", [])
