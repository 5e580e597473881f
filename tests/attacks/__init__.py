"""What hostile submissions do, one function each: text for the sandbox.

`source_of` reads the functions as text. The files themselves refuse to be imported,
since nobody should run them outside of a sandbox.
"""

import ast
from pathlib import Path

HERE = Path(__file__).parent


def attacks(topic):
    """Returns the sources of all attacks of one file, by name.

    Args:
        topic: String, the file without its ending.

    Returns:
        Dict from str to str; each source ends by calling the function `attack`.
    """
    text = (HERE / f"{topic}.py").read_text(encoding="utf-8")
    return {
        node.name.replace("_", " "): f"{ast.get_source_segment(text, node)}\n"
        f"attack = {node.name}"
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }


PRELUDE = """
import contextlib, ctypes, mmap, os, resource, signal, socket, subprocess, sys
import threading, time
import numpy as np
from course_utils.grading import values
libc = ctypes.CDLL(None, use_errno=True)
def greeted(line):
    with line:
        line.settimeout(1)
        return line.recv(8) == b"canary"
"""
