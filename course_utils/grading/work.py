"""Units of work, the threads that do them, and what is said meanwhile."""

import os
import queue
import threading
import time
from collections import Counter
from dataclasses import dataclass

import psutil

from course_utils import progress
from course_utils.grading import choose, results
from course_utils.grading.key import Key
from course_utils.grading.limits import GIGABYTE, Limits
from course_utils.grading.unit import close_workshop, grade_one

WORKER_BYTES = 3 * GIGABYTE // 2


@dataclass
class Work:
    """What all units of work share.

    Attributes:
        key: `Key`.
        grades: `results.Grades`.
        isolation: `Isolation`.
        limits: `Limits`.
    """

    key: Key
    grades: results.Grades
    isolation: object
    limits: Limits

    def prepare(self, submission, lesson):
        """Reads what was handed in, and looks whether it is graded already.

        Args:
            submission: `Submission`.
            lesson: String.

        Returns:
            Pair of a `Handed` and its stored result, or None if there is none.
        """
        found = self.key.lessons[lesson]
        handed = choose.choose(submission, found, self.key)
        digest = results.inputs(self.key, handed, found, self.isolation, self.limits)
        stored = self.grades.read(handed.student, lesson)
        same = stored is not None and stored.get("inputs") == digest
        return handed, stored if same else None

    def finish(self, result, seconds):
        """Writes a result."""
        self.grades.write(result)
        self.grades.note_seconds(result["student"], result["lesson"], seconds)

    def grade(self, submission, lesson):
        """Grades one unit of work unless it is graded already.

        Returns:
            Dict, the result.
        """
        handed, stored = self.prepare(submission, lesson)
        if stored is not None:
            return stored
        start = time.perf_counter()
        result = grade_one(self.key, handed, lesson, self.isolation, self.limits)
        self.finish(result, time.perf_counter() - start)
        return result


def run(work, units, jobs=None):
    """Grades with a few threads, each with a sandbox of its own.

    Args:
        work: `Work`.
        units: List of pairs (submission, lesson).
        jobs: Integer, how many threads, or None to choose.

    Returns:
        List of sentences about what could not be graded.
    """
    count, why = workers(jobs)
    count = min(count, max(1, len(units)))
    print(why)
    todo, done = queue.SimpleQueue(), queue.SimpleQueue()
    for unit in units:
        todo.put(unit)
    stop = threading.Event()
    threads = [
        threading.Thread(target=_worker, args=(work, todo, done, stop), daemon=True)
        for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    try:
        failed = report(units, (done.get() for _ in units))
    finally:
        stop.set()  # after Ctrl-C nobody is waited for: sandboxes die with us
    for thread in threads:
        thread.join()
    return failed


def _worker(work, todo, done, stop):
    try:
        while not stop.is_set():
            try:
                submission, lesson = todo.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((submission, lesson, work.grade(submission, lesson), None))
            except Exception as error:  # one unit never stops the others
                done.put((submission, lesson, None, error))
    finally:
        close_workshop()


def report(units, outcomes):
    """Shows the progress, and collects what went wrong.

    Args:
        units: List of units of work.
        outcomes: Iterable of tuples (submission, lesson, result, error), as they
            come.

    Returns:
        List of sentences about what could not be graded.
    """
    counts, failed = Counter(), []
    with progress.bar(total=len(units), label="grading") as bar:
        for submission, lesson, result, error in outcomes:
            if error is not None:
                why = f"{type(error).__name__}: {error}"
                who = f"{submission.student!r} {lesson}"
                failed.append(f"Not graded: {who}. {why}")
            counts[result["state"] if result else "not graded"] += 1
            said = ", ".join(
                f"{count} {state}" for state, count in counts.most_common()
            )
            bar.set_postfix_str(said, refresh=False)
            bar.update()
    print(f"{len(units)} notebooks: " + (said if units else "none"))
    return failed


def workers(asked=None):
    """Returns how many workers there should be, and a sentence that says why.

    Args:
        asked: Integer, what the command line asks for, or None.
    """
    if asked:
        return max(1, asked), f"{_counted(asked)}, as asked"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    cores = cores or os.cpu_count() or 1
    free = psutil.virtual_memory().available
    count = max(1, min(cores, free // WORKER_BYTES))
    why = f"{cores} cores, {free / GIGABYTE:.1f} GB of free memory at 1.5 GB each"
    return count, f"{_counted(count)}: {why}"


def _counted(count):
    return "1 worker" if count <= 1 else f"{count} workers"
