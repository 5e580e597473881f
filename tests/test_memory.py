"""What the first lesson says about memory that other notebooks hold."""

import os
import subprocess
import sys

import pytest

from course_utils import memory

HOLDS = """
import sys

held = b"x" * 100_000_000
print("ready", flush=True)
sys.stdin.read()
"""
LOOKS = """
from course_utils import memory

print(*memory.other_kernels(much=1e8))
memory.warn_of_other_kernels(much=1e8)
"""


@pytest.fixture
def start():
    """Returns a function that starts a process with a name on its command line."""
    started = []

    def start(name):
        command = [sys.executable, "-c", HOLDS, "-m", name]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        started.append(subprocess.Popen(command, **pipes))
        assert started[-1].stdout.readline() == b"ready\n"
        return started[-1]

    yield start
    for each in started:
        each.communicate()


def seen_by_a_kernel(program=LOOKS):
    """Runs a program in a kernel of ours; returns the pids and the sentence it saw."""
    command = [sys.executable, "-c", program, "-m", "ipykernel_launcher"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    return [int(pid) for pid in run.stdout.split()], run.stderr


def test_another_kernel_of_the_same_server_is_told_of_until_it_ends(start):
    kernel = start("ipykernel_launcher")
    pids, said = seen_by_a_kernel()
    assert pids == [kernel.pid]
    assert said.startswith("Other notebooks hold 0.1 GB of memory (1 kernel).")
    kernel.communicate()
    assert seen_by_a_kernel() == ([], "")


def test_small_kernels_and_other_programs_are_left_alone(start):
    start("http.server")
    start("ipykernel_launcher")
    assert seen_by_a_kernel(LOOKS.replace("1e8", "1e9")) == ([], "")


def test_the_kernel_that_asks_does_not_count_itself():
    assert seen_by_a_kernel(LOOKS.replace("1e8", "0")) == ([], "")


def test_kernels_of_another_server_are_left_alone(start):
    assert start("ipykernel_launcher").pid not in memory.other_kernels(much=1e8)
    assert os.getpid() not in memory.other_kernels(much=0)


def test_the_sentence_says_how_much_and_what_to_do():
    assert memory.sentence({}) == ""
    said = memory.sentence({1: 1.1e9, 2: 0.5e9})
    assert said.startswith("Other notebooks hold 1.6 GB of memory (2 kernels).")
    assert "Kernel → Shut Down All Kernels" in said


GIVES_BACK = """
import course_utils

import numpy as np
import psutil

big = np.ones(31_000_000, "uint8")
del big  # from now on the C library would keep the next ones
before = psutil.Process().memory_info().rss
held = [(np.ones(31_000_000, "uint8"), np.ones(100_000, "uint8")) for _ in range(9)]
held = [small for _, small in held]
print(psutil.Process().memory_info().rss - before)
"""


KEEPS = """
import course_utils

import resource
import threading

import numpy as np

def step():
    held = [np.ones(4_000_000, "uint8") for _ in range(5)]

def train():
    step()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        step()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)

thread = threading.Thread(target=train)
thread.start()
thread.join()
"""
HEAPS = """
import course_utils

import ctypes
import threading

together = threading.Barrier(8)

def work():
    together.wait()
    held = [bytes(100_000) for _ in range(100)]
    together.wait()

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
ctypes.CDLL(None).malloc_stats()  # writes a paragraph for each heap
"""
only_on_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="the C libraries of other systems are left alone"
)


def ended(program):
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def number_printed_by(program):
    return int(ended(program).stdout)


@only_on_linux
def test_large_arrays_go_back_to_the_system_at_once():
    assert number_printed_by(GIVES_BACK) < 1.1 * memory.SPARE


@only_on_linux
def test_what_a_step_of_a_training_frees_is_kept_for_the_next():
    pages = number_printed_by(KEEPS)  # 100,000 if each step fetched its memory anew
    assert pages < 10_000


@only_on_linux
def test_threads_share_two_heaps():
    assert ended(HEAPS).stderr.count("Arena") == memory.HEAPS
