"""Runs cells inside the sandbox as a notebook would, and keeps what they show."""

import base64
import builtins
import io
import os
import sys

import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from course_utils.grading import png


class Kept(io.TextIOBase):
    """A text stream that keeps the first so many characters."""

    encoding = "utf-8"

    def __init__(self):
        self.left, self.parts = 0, []

    def begin(self, most):
        """Forgets what was written and keeps the next `most` characters."""
        self.left, self.parts = most, []

    def text(self):
        """Returns what was kept."""
        return "".join(self.parts)

    def writable(self):
        return True

    def isatty(self):
        return False

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"Expected a str. Received: {type(text).__name__}")
        if self.left > 0:
            self.parts.append(text[: self.left])
            self.left -= len(text)
        return len(text)


class _Shown:
    """What the running cell has shown."""

    def __init__(self):
        self.stream, self.pictures = Kept(), []

    def add(self, data):
        picture = data.get("image/png")
        if isinstance(picture, str):
            picture = base64.b64decode(picture)
        if picture:
            small = len(picture) <= png.BYTES
            if small and len(self.pictures) < png.MOST:
                self.pictures.append(np.frombuffer(picture, "uint8"))
        elif "text/plain" in data:
            self.stream.write(str(data["text/plain"]) + "\n")


SHOWN = _Shown()


class _Publisher(DisplayPublisher):
    def publish(self, data, *args, **kwargs):
        SHOWN.add(data)

    def clear_output(self, wait=False):
        pass


class _Hook(DisplayHook):
    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        SHOWN.add(format_dict)


class Shell(InteractiveShell):
    """An IPython without a terminal, a history file or a keyboard."""

    display_pub_class = _Publisher
    displayhook_class = _Hook

    def enable_gui(self, gui=None):
        pass

    def ask_exit(self):
        pass


def shell():
    """Returns the one shell of this process, made if need be."""
    quiet = Config()
    quiet.HistoryManager.enabled = False
    quiet.InteractiveShell.colors = "nocolor"
    quiet.InteractiveShell.xmode = "Plain"
    quiet.InteractiveShell.autoindent = False
    return Shell.instance(config=quiet)


def _no_keyboard(*args, **kwargs):
    raise StdinNotImplementedError(
        "While grading nobody is at the keyboard: input() has no answer. "
        "Give the value in the cell."
    )


def prepare():
    """Puts our streams in place and takes the keyboard away."""
    sys.stdout = sys.stderr = SHOWN.stream
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115 - for good
    builtins.input = _no_keyboard


def run(source, most_text):
    """Runs one cell.

    Args:
        source: String.
        most_text: Integer, characters to keep of what it prints.

    Returns:
        Dict with `status` ("ok" or "error"), `error`, `text` and `pictures`.
    """
    SHOWN.stream.begin(most_text)
    SHOWN.pictures = []
    error = None
    try:
        result = shell().run_cell(source, store_history=True)
        error = result.error_before_exec or result.error_in_exec
    except BaseException as raised:  # a hook of the student's may raise anything
        error = raised
    return {
        "status": "ok" if error is None else "error",
        "error": "" if error is None else described(error),
        "text": SHOWN.stream.text(),
        "pictures": SHOWN.pictures,
    }


def described(error):
    """Returns the kind and the message of an exception in one short line."""
    try:
        return f"{type(error).__name__}: {error}"[:500]
    except BaseException:
        return type(error).__name__[:500]
