"""What the course has of a lesson: notebooks, solutions, hidden checks, the kit."""

import json
from dataclasses import dataclass

from course_utils.build import ROOT
from course_utils.grading import leaks


@dataclass(frozen=True)
class Material:
    """What the course has of one lesson.

    Attributes:
        name: String.
        student: Dict, the students' notebook.
        solved: Dict, the solved one.
        hidden: String, the source of the hidden checks, empty if there are none.
        public: Dict from an exercise to where everybody can read its answer.
    """

    name: str
    student: dict
    solved: dict
    hidden: str
    public: dict

    @property
    def reference(self):
        """The course's answers: dict from the id of a cell to its source."""
        return {
            cell["id"]: "".join(cell["source"])
            for cell in self.solved["cells"]
            if cell["metadata"].get("nbgrader", {}).get("solution")
        }


def read(name, root=ROOT):
    """Reads what the course has of a lesson.

    Args:
        name: String, such as `"06_denoising"`.
        root: `Path` of the course.

    Returns:
        `Material`.
    """
    student, solved = (
        json.loads((root / folder / f"{name}.ipynb").read_text(encoding="utf-8"))
        for folder in ("notebooks", "solutions")
    )
    path = root / "solutions" / "hidden" / f"{name}.py"
    hidden = path.read_text(encoding="utf-8") if path.exists() else ""
    answers = {}
    for cell in solved["cells"]:
        meta = cell["metadata"]
        if meta.get("nbgrader", {}).get("solution"):
            answers.setdefault(meta["course"]["name"], []).append(cell["source"])
    sources = {
        each: "\n".join("".join(cell) for cell in cells)
        for each, cells in answers.items()
    }
    public = leaks.public_answers(sources, *_kit(root / "course_utils"))
    return Material(name, student, solved, hidden, public)


def _kit(folder):
    """Returns the sources of the checks, and of every other module by its name."""
    checks, modules = [], {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder.parent).with_suffix("").parts
        if parts[1] == "checks":
            checks.append(path.read_text(encoding="utf-8"))
        elif parts[1] not in ("build", "grading"):
            modules[".".join(parts)] = path.read_text(encoding="utf-8")
    return checks, modules
