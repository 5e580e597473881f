"""What a lesson takes with JupyterLab around it: the table for Binder's two gigabytes.

Run: python -m tests.benchmarks.memory [NUMBER ...]. To have the system itself keep
the limit: systemd-run --user --scope -p MemoryMax=2G python -m tests.benchmarks.memory
"""

import contextlib
import json
import sys
import tempfile
import threading
import uuid
from pathlib import Path

import psutil
import websocket

from tests.benchmarks.lessons import chosen
from tests.browser.server import Lab

BAR = 2000  # MB: what Binder gives to all processes together
SECONDS_BETWEEN_LOOKS, SECONDS_PER_CELL = 0.5, 600


def measure(name):
    """Runs a solved lesson on a JupyterLab server of its own, as a browser would.

    Args:
        name: String, such as `"04_dense_bottleneck"`.

    Returns:
        Dict in MB: `idle`, JupyterLab before any kernel; `peak`, JupyterLab, the
        kernel and all their children together.
    """
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder))
        try:
            server = psutil.Process(lab.process.pid)
            idle = held_by(server)
            with sampled(server) as samples:
                run(lab, f"solutions/{name}.ipynb")
        finally:
            lab.stop()
    return {"idle": idle, "peak": max(samples)}


def held_by(process):
    """Returns what a process and all its children hold, in MB.

    Where the system can tell, memory that several of them share counts once.
    """
    total = 0
    for each in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            info = each.memory_full_info()
            total += getattr(info, "pss", info.rss)
    return total // 1_000_000


@contextlib.contextmanager
def sampled(process):
    """Gives a list that grows while the block runs: what a process holds, in MB."""
    samples, done = [held_by(process)], threading.Event()

    def look():
        while not done.wait(SECONDS_BETWEEN_LOOKS):
            samples.append(held_by(process))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield samples
    finally:
        done.set()
        thread.join()


def run(lab, path):
    """Runs the cells of a notebook in a new kernel of a server.

    Args:
        lab: `Lab`.
        path: String, where the notebook is on the server.

    Raises:
        RuntimeError: If a cell fails.
    """
    cells = lab.ask(f"/api/contents/{path}")["content"]["cells"]
    kernel = lab.ask("/api/kernels", "POST")["id"]
    channels = websocket.create_connection(
        f"{lab.root.replace('http', 'ws', 1)}/api/kernels/{kernel}/channels",
        header=[f"Authorization: token {lab.token}"],
        timeout=SECONDS_PER_CELL,
    )
    with contextlib.closing(channels):
        for cell in cells:
            if cell["cell_type"] == "code":
                _execute(channels, cell["source"])


def _execute(channels, code):
    wanted = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request"}
    message = {
        "header": wanted | {"session": "memory", "version": "5.3"},
        "parent_header": {}, "metadata": {}, "channel": "shell",
        "content": {"code": code, "silent": False, "allow_stdin": False},
    }  # fmt: skip
    channels.send(json.dumps(message))
    while True:
        said = json.loads(channels.recv())
        if said["parent_header"].get("msg_id") != wanted["msg_id"]:
            continue
        if said["msg_type"] == "error":
            raise RuntimeError("\n".join(said["content"]["traceback"]))
        if said["content"].get("execution_state") == "idle":
            return


def main(numbers):
    """Prints the table; returns 1 if a lesson is over the bar, 0 otherwise."""
    paths = chosen(numbers)
    print("| lesson | JupyterLab alone (MB) | with the lesson, peak (MB) |")
    print("|---|---|---|")
    peaks = []
    for path in paths:
        row = measure(path.stem)
        peaks.append(row["peak"])
        print(f"| {path.stem[:2]} | {row['idle']} | {row['peak']} |", flush=True)
    return int(max(peaks) > BAR)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
