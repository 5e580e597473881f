"""Runs a notebook in a fresh kernel and keeps of its outputs what lasts."""

import os
import re
import subprocess
import sys

import ipykernel.kernelspec
import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import (
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)

SECONDS_PER_CELL = 600
CHECKED = "nbval-check-output"
WIDGET = "application/vnd.jupyter.widget-view+json"
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# As nbval does it; the last line is a bar that blanked itself out when it was done.
OVERWRITTEN = re.compile(r"^.*\r(?=[^\n])|[ \r]*\r\Z", re.MULTILINE)


class CellFailedError(Exception):
    """Raised when a cell stops a notebook.

    Attributes:
        index: Integer, the cell, or None if the kernel did not even start.
        reason: String, the last lines of what went wrong.
    """

    def __init__(self, index, reason):
        super().__init__(reason)
        self.index, self.reason = index, reason


def execute(notebook, folder, on_cell=lambda index: None):
    """Runs a notebook from top to bottom with this Python.

    Args:
        notebook: Notebook of nbformat 4.5; it is left as it is.
        folder: `Path`, where the kernel works.
        on_cell: Function called with the index of each cell that starts.

    Returns:
        A copy of the notebook with its outputs, cleaned.

    Raises:
        CellFailedError: If a cell raises, takes too long, ends the kernel, or should
            be compared but shows nothing.
    """
    done = nbformat.from_dict(notebook)
    client = NotebookClient(
        done,
        timeout=SECONDS_PER_CELL,
        kernel_manager_class=_KernelManager,
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        store_widget_state=False,
    )
    index = None
    try:
        with client.setup_kernel(env=_environment(), stderr=subprocess.DEVNULL):
            for index, cell in enumerate(done.cells):
                on_cell(index)
                client.execute_cell(cell, index)
    except CellExecutionError as error:
        raise CellFailedError(index, _tail(error.traceback)) from None
    except CellTimeoutError:
        reason = f"the cell takes longer than {SECONDS_PER_CELL} seconds"
        raise CellFailedError(index, reason) from None
    except (DeadKernelError, RuntimeError) as error:
        raise CellFailedError(index, f"the kernel ended: {error}") from None
    return clean(done)


def clean(notebook):
    """Drops from the outputs what changes from run to run.

    Standard error, overwritten progress bars, execution times and the live half of
    widgets that have a picture go; execution counts become 1, 2, 3, ...

    Args:
        notebook: Executed notebook, changed in place.

    Returns:
        The same notebook.
    """
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for count, cell in enumerate(codes, 1):
        cell.metadata.pop("execution", None)
        cell.execution_count = count
        cell.outputs = _outputs(cell.outputs, count)
    return notebook


def missing(notebook):
    """Returns the index of the first cell whose outputs are missing, or None."""
    count = 0
    for i, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        count += 1
        silent = CHECKED in cell.metadata.get("tags", []) and not cell.outputs
        if cell.execution_count != count or silent:
            return i
    return None


def _outputs(outputs, count):
    kept = []
    for output in outputs:
        if output.output_type == "stream":
            if output.name == "stderr":
                continue
            if kept and kept[-1].output_type == "stream":
                kept[-1].text += output.text
                continue
        if "execution_count" in output:
            output.execution_count = count
        if WIDGET in output.get("data", {}) and (kept or len(output.data) > 1):
            del output.data[WIDGET]
            if not output.data:
                continue
        kept.append(output)
    for output in kept:
        if output.output_type == "stream":
            output.text = OVERWRITTEN.sub("", output.text)
    return [output for output in kept if output.get("text") != ""]


def _tail(traceback, lines=12):
    return "\n".join(COLOURS.sub("", traceback).rstrip().splitlines()[-lines:])


def _environment():
    """Returns our environment with the embedded digits, and figures stored inline."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in ("MPLBACKEND", "NBGRADER_EXECUTION", "COURSE_CHECKS")
    }
    return inherited | {"COURSE_DIGITS": "strokes"}


class _ThisPython(KernelSpecManager):
    """Finds one kernel only, whatever is installed: the Python that runs us."""

    def get_kernel_spec(self, kernel_name):
        found = ipykernel.kernelspec.get_kernel_dict()
        return KernelSpec(**(found | {"argv": [sys.executable, *found["argv"][1:]]}))


class _KernelManager(AsyncKernelManager):
    def _kernel_spec_manager_default(self):
        return _ThisPython(parent=self)
