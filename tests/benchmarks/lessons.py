"""What each solved lesson takes in seconds and memory: a table for the README.

Run: python -m tests.benchmarks.lessons [NUMBER ...], such as 04 10
"""

import json
import sys
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient

SOLUTIONS = Path(__file__).parents[2] / "solutions"
BARS = {"seconds": 180, "memory": 1500, "picture": 5, "redraw": 200}  # s, MB, s, ms
LAST_CELL = """
import json, resource, statistics, sys, time
from course_utils.widgets import Explorer

peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
peak //= 1024 if sys.platform.startswith("linux") else 1024 ** 2

def redraw(explorer):
    times = []
    for _ in range(5):
        start = time.perf_counter()
        explorer._redraw(change=None)
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)

shown = [redraw(value) for value in Out.values() if isinstance(value, Explorer)]
print(json.dumps({"memory": peak, "redraw": max(shown, default=0)}))
"""


def measure(path):
    """Runs a lesson in a kernel of its own.

    Args:
        path: Path of a solved notebook.

    Returns:
        Dict with `seconds` (the whole run, imports included), `picture` (seconds
        from the end of the imports to the first picture), `memory` (peak
        resident memory of the kernel, in MB) and `redraw` (from a moved control to
        the new picture, the slowest widget of the lesson, in ms; 0 without one).
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(LAST_CELL))
    NotebookClient(notebook, timeout=600, resources=_folder(path)).execute()
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    # The first code cell is for Google Colab only, the second one imports.
    start, imported = _at(code[0], "busy"), _at(code[1], "idle")
    pictured = next(cell for cell in code if _has_picture(cell))
    return {
        "seconds": _at(code[-1], "idle") - start,
        "picture": _at(pictured, "idle") - imported,
        **json.loads(code[-1].outputs[0].text),
    }


def chosen(numbers):
    """Finds the solved lessons with some numbers.

    Args:
        numbers: List of strings, such as `["04", "10"]`; empty for all lessons.

    Returns:
        List of paths, in the order of the lessons.
    """
    paths = {path.stem[:2]: path for path in sorted(SOLUTIONS.glob("*.ipynb"))}
    unknown = set(numbers) - set(paths)
    if unknown:
        sys.exit(f"Expected some of {list(paths)}. Received: {sorted(unknown)}")
    return [path for number, path in paths.items() if not numbers or number in numbers]


def main(numbers):
    """Prints the table; returns 1 if a lesson is over a bar, 0 otherwise."""
    paths = chosen(numbers)
    print("| lesson | seconds | first picture (s) | peak memory (MB) | redraw (ms) |")
    print("|---|---|---|---|---|")
    rows = []
    for path in paths:
        rows.append(measure(path))
        row = rows[-1]
        cells = f"{row['seconds']:.0f} | {row['picture']:.1f} | {row['memory']}"
        cells += f" | {row['redraw']:.0f}" if row["redraw"] else " | "
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
