"""The warm process of a sandbox: imports once, then becomes one session per fork.

It is started inside the sandbox (`python -m course_utils.grading.inner`) with one
socket. Each message on it brings two pipes; a child takes them, shuts itself off
from its siblings, and runs what a stranger wrote.
"""

import contextlib
import gc
import importlib
import json
import os
import random
import signal
import socket
import sys

from course_utils.grading import cells, confine, values


def main(arguments):
    """Serves the socket until the grader closes it.

    Args:
        arguments: List of one string, JSON with `socket` (a descriptor), `level`,
            `nested`, `modules`, and what `confine` asks for.

    Returns:
        Integer, the exit code.
    """
    settings = json.loads(arguments[0])
    control = socket.socket(fileno=settings["socket"])
    confine.prepare(settings)
    cells.shell()
    for module in settings["modules"]:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    control.sendall(json.dumps({"threads": _threads()}).encode())
    while True:
        data, pipes, _, _ = socket.recv_fds(control, 1, 2)
        _reap()
        if not data:
            return 0
        if os.fork() == 0:
            control.detach()
            _become(*pipes, settings)
        for pipe in pipes:
            os.close(pipe)


def _threads():
    with contextlib.suppress(OSError):
        return len(os.listdir("/proc/self/task"))
    return 0


def _reap():
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _become(requests, responses, settings):
    try:
        requests, responses = confine.only(requests, responses)
        start, _ = values.read(requests)
        confine.confine(settings, start)
        values.write(responses, {"confined": True})
        serve(requests, responses, start)
    except BaseException as error:
        with contextlib.suppress(BaseException):
            values.write(responses, {"failed": cells.described(error)})
    finally:
        os._exit(0)


def serve(requests, responses, start):
    """Runs the cells of a submission, then answers calls until the pipe closes.

    Args:
        requests: Integer, the pipe to read from.
        responses: Integer, the pipe to write to.
        start: Dict with `cells`, `environment`, `seed` and `text`.
    """
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    os.environ.update(start["environment"])
    _seed(start["seed"])
    cells.prepare()
    for name, source in start["cells"]:
        values.write(responses, {"cell": name, **cells.run(source, start["text"])})
    values.write(responses, {"done": True})
    kept = {}
    while True:
        try:
            request, _ = values.read(requests)
        except EOFError:
            return
        cells.SHOWN.stream.begin(start["text"])
        _answer(responses, request, kept)


def _seed(seed):
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed)


def _answer(responses, request, kept):
    try:
        found = find(request["path"], kept)
        if request["do"] != "get":
            arguments = [_real(value, kept) for value in request["args"]]
            named = {key: _real(v, kept) for key, v in request["kwargs"].items()}
            found = found(*arguments, **named)
        if request["do"] == "keep":
            kept[request["name"]] = found
            found = None
        values.write(responses, {"value": found})
    except LookupFailedError as error:
        values.write(responses, {"error": "missing", "what": str(error)})
    except values.RefusedError as error:
        values.write(responses, {"error": "value", "what": cells.described(error)})
    except BaseException as error:
        values.write(responses, {"error": "raised", "what": cells.described(error)})


def _real(value, kept):
    return find(value.path, kept) if isinstance(value, values.Name) else value


class LookupFailedError(Exception):
    """Raised when there is nothing under a path."""


def find(path, kept):
    """Returns what lies under a path in the student's notebook.

    Args:
        path: String, names and whole numbers with dots between: `pair.0.units`.
        kept: Dict of what was kept under a name; it comes first.

    Returns:
        Any object.

    Raises:
        LookupFailedError: If there is no such thing.
    """
    first, *rest = path.split(".")
    try:
        found = kept[first] if first in kept else cells.shell().user_ns[first]
        for part in rest:
            if part.isdecimal():
                found = found[int(part)]
            elif isinstance(found, dict):
                found = found[part]
            else:
                found = getattr(found, part)
    except (LookupError, AttributeError, TypeError):
        raise LookupFailedError(f"there is no {path}"[:200]) from None
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
