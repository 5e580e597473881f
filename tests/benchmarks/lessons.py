"""How long each solved lesson takes, and how much memory: a table for the README.

Run: python -m tests.benchmarks.lessons [LESSON ...]
"""

import sys
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient

SOLUTIONS = Path(__file__).parents[2] / "solutions"
BARS = {"seconds": 180, "memory": 1500, "picture": 5}  # s, MB, s
PEAK = """
import resource, sys
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(peak // (1024 if sys.platform.startswith("linux") else 1024 ** 2))
"""


def measure(path):
    """Runs a lesson in a kernel of its own.

    Args:
        path: Path of a solved notebook.

    Returns:
        Dict with `seconds` (the whole run, imports included), `picture` (seconds
        from the end of the imports to the first picture) and `memory` (peak
        resident memory of the kernel, in MB).
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(PEAK))
    NotebookClient(notebook, timeout=600, resources=_folder(path)).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    start, imported = _at(code[0], "busy"), _at(code[0], "idle")
    pictured = next(cell for cell in code if _has_picture(cell))
    return {
        "seconds": _at(code[-1], "idle") - start,
        "picture": _at(pictured, "idle") - imported,
        "memory": int(code[-1].outputs[0].text),
    }


def main(names):
    """Prints the table; returns 1 if a lesson is over a bar, 0 otherwise."""
    paths = sorted(SOLUTIONS.glob("*.ipynb"))
    paths = [path for path in paths if not names or path.stem in names]
    print("| lesson | seconds | first picture after (s) | peak memory (MB) |")
    print("|---|---|---|---|")
    rows = []
    for path in paths:
        rows.append(measure(path))
        row = rows[-1]
        cells = f"{row['seconds']:.0f} | {row['picture']:.1f} | {row['memory']}"
        print(f"| {path.stem} | {cells} |", flush=True)
    print(f"average: {sum(row['seconds'] for row in rows) / len(rows):.0f} s")
    return int(any(row[key] > bar for row in rows for key, bar in BARS.items()))


def _folder(path):
    return {"metadata": {"path": str(path.parent)}}


def _at(cell, state):
    name = {"busy": "iopub.status.busy", "idle": "iopub.status.idle"}[state]
    stamp = cell.metadata["execution"][name]
    return datetime.fromisoformat(stamp).timestamp()


def _has_picture(cell):
    return any("image/png" in output.get("data", {}) for output in cell.outputs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
