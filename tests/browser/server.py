"""JupyterLab, started the way `make lab` starts it, on copies of the notebooks."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "browser"  # screenshots and tables, not in git
SECONDS_TO_START = 120
PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}


class Lab:
    """A JupyterLab server of our own, with its settings, on a free port.

    Args:
        folder: `Path`, empty; the notebooks are copied there, so that no test
            changes ours.

    Raises:
        TimeoutError: If the server does not say in two minutes where it is.
    """

    def __init__(self, folder):
        for name in ("notebooks", "solutions"):
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns(".*", "*.py")
            )
        self.folder, self.log = folder, folder / "lab.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command(free_port()),
                cwd=folder,
                env=environment(folder),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.start = self._printed_address()
        self.root, self.token = re.match(
            r"(http://[^/]+)/.*token=(\w+)", self.start
        ).groups()

    def address(self, path):
        """Returns where a notebook opens, alone in the window.

        Args:
            path: String such as `"notebooks/00_start_here.ipynb"`.
        """
        return f"{self.root}/lab/tree/{path}?reset&token={self.token}"

    def write(self, name, cells):
        """Writes a small notebook, and returns where it opens.

        Args:
            name: String, such as `"small"`.
            cells: List of strings, Python.
        """
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
            metadata={"kernelspec": PYTHON},
        )
        nbformat.write(notebook, self.folder / f"{name}.ipynb")
        return self.address(f"{name}.ipynb")

    def shut_kernels_down(self):
        """Ends every kernel, and waits until the memory is free."""
        for kernel in self.ask("/api/kernels"):
            self.ask(f"/api/kernels/{kernel['id']}", "DELETE")

    def ask(self, path, method="GET"):
        """Asks the server's own interface, and returns its answer, read as JSON."""
        request = urllib.request.Request(
            self.root + path,
            method=method,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def stop(self):
        """Ends the kernels and the server."""
        self.shut_kernels_down()
        self.process.terminate()
        self.process.wait(timeout=20)

    def _printed_address(self):
        for _ in range(SECONDS_TO_START * 5):
            text = self.log.read_text()
            found = re.search(r"http://(localhost|127\.0\.0\.1):\S+token=\w+", text)
            if found:
                return found[0]
            time.sleep(0.2)
        raise TimeoutError(f"Expected JupyterLab to start. Received: {text[-2000:]}")


def command(port):
    """Returns the command that `make lab` would run, with this Python.

    Args:
        port: Integer.
    """
    arguments = f"--no-browser --port {port} --LabApp.expose_app_in_browser=True"
    if os.geteuid() == 0:
        arguments += " --allow-root"
    lines = subprocess.run(
        ["make", "--dry-run", "lab", f"RUN={sys.executable}", f"ARGS={arguments}"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        env={k: v for k, v in os.environ.items() if not k.startswith("MAKE")},
    ).stdout.splitlines()
    return next(line for line in lines if "jupyter lab" in line).split()


def settings():
    """Returns the variables that the Makefile sets for all that it starts, a dict."""
    makefile = (ROOT / "Makefile").read_text()
    return dict(re.findall(r"^export (\w+) \?= (\S+)$", makefile, re.MULTILINE))


def environment(folder):
    """Returns our environment as `make` has it, with none of a user's settings."""
    own = {
        name: str(folder / "settings" / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    return settings() | {"COURSE_DIGITS": "strokes"} | os.environ | own


def free_port():
    """Returns the number of a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
