"""Writes what Sphinx reads: the lessons, the README, and the pages of docs/."""

import re
import shutil

from course_utils.build import colab, notebooks

# What a figure of course_utils says of itself where it cannot be seen.
ALT = re.compile(r"Figure(?P<live> to play with)?: (?P<alt>.*)", re.DOTALL)
TO_PLAY_WITH = "In a running notebook this figure has controls, and changes with them."


def write(root, folder):
    """Writes all sources of the site into a folder; what was there goes.

    Args:
        root: `Path` of the repository.
        folder: `Path` of the folder to make.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(root / "docs", folder)
    shutil.copy(root / ".github" / "copies.png", folder)
    readme = (root / "README.md").read_text(encoding="utf-8")
    (folder / "instructors.md").write_text(instructors(readme), encoding="utf-8")
    for path in sorted((root / "solutions").glob("*.ipynb")):
        notebooks.save(folder / "lessons" / path.name, lesson(notebooks.load(path)))


def instructors(readme):
    """Makes the page for instructors of the README: its links lead inside the site.

    Args:
        readme: String, the README in Markdown.

    Returns:
        String, the page in Markdown.
    """
    page = re.sub(r"\A# .*", "# For instructors", readme)
    page = page.replace("](notebooks/", "](lessons/")
    return page.replace("](.github/", "](")


def lesson(notebook):
    """Makes the page of a lesson: of each figure the picture, with its alt text.

    Args:
        notebook: Solved notebook, changed in place.

    Returns:
        The same notebook, without the cell that only Google Colab needs.

    Raises:
        ValueError: If a picture has no text alternative.
    """
    notebook.cells = [cell for cell in notebook.cells if not colab.is_set_up(cell)]
    for cell in notebook.cells:
        outputs = cell.get("outputs", [])
        pictures = [o for o in outputs if "image/png" in o.get("data", {})]
        if pictures:
            cell.metadata["mystnb"] = _described(pictures)
            pictures[0].data = {"image/png": pictures[0].data["image/png"]}
    return notebook


def _described(pictures):
    said = [picture.data.get("text/plain", "") for picture in pictures]
    found = ALT.fullmatch(said[0])
    if len(said) != 1 or not found:
        raise ValueError(
            "Expected one picture in a cell, and a text 'Figure: ...' with it. "
            f"Received: {said}"
        )
    shown = {"image": {"alt": " ".join(found["alt"].split())}}
    return shown | ({"figure": {"caption": TO_PLAY_WITH}} if found["live"] else {})
