"""`python -m course_utils grade submissions --key key --out grades`."""

import contextlib
import dataclasses
import fcntl
import os
import queue
import threading
import time
from collections import Counter
from pathlib import Path

from course_utils import progress
from course_utils.grading import choose, feedback, free_text, results, submissions
from course_utils.grading.key import Key
from course_utils.grading.limits import GIGABYTE, MEGABYTE, Limits

WORKER_BYTES = 3 * GIGABYTE // 2
NOT_ISOLATED = 3


def add_arguments(parser):
    """Adds the arguments of `grade` to a parser.

    Args:
        parser: `argparse.ArgumentParser`.
    """
    default = Limits()
    add = parser.add_argument
    add("submissions", type=Path, help="a folder or zip: per student, Canvas, Moodle")
    add("--key", type=Path, required=True, help="what `assign` wrote for the grader")
    add("--out", type=Path, default=Path("grades"), help="default: grades")
    add("--jobs", type=int, help="workers; default: as cores and memory allow")
    add("--marks", type=Path, help="marks of answers in words, from answers.html")
    add("--level", choices="ABC", help="of isolation; default: the best there is")
    add(
        "--i-trust-this-code",
        action="store_true",
        help="grade without isolation: a submission can then do what you can",
    )
    add("--dask", metavar="ADDRESS", help="a scheduler, such as tcp://host:8786")
    add("--seconds", type=float, default=default.wall, help="for a notebook's cells")
    add("--memory", type=float, default=default.memory / GIGABYTE, help="GB, resident")
    add(
        "--address-space",
        type=float,
        default=default.address_space / GIGABYTE,
        help="GB of one process",
    )
    add("--processes", type=int, default=default.processes)
    add("--file-size", type=float, default=default.file / MEGABYTE, help="MB of a file")


def main(args):
    """Grades all submissions; what is graded already stays.

    Args:
        args: What the parser of `add_arguments` returned.

    Returns:
        Integer exit code: 0 if there is a result for each submission, 1 if not,
        3 if this machine cannot isolate them, 130 after Ctrl-C.
    """
    try:
        isolation = _isolation(args)
        if isolation is None:
            return NOT_ISOLATED
        key = Key.load(args.key)
        students = submissions.collect(args.submissions, key)
        with _alone(args.out):
            return _grade(args, key, students, isolation)
    except (OSError, ValueError) as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on where it stopped.")
        return 130


def _isolation(args):
    """Returns the isolation to grade with; None, and says why, if it is short."""
    from course_utils.grading.isolation import probe

    isolation = probe(args.level) if args.level else probe()
    print(f"Level {isolation}")
    for reason in isolation.reasons:
        print(f"  {reason}")
    if isolation.level == "C" and not args.i_trust_this_code:
        print(
            "Expected isolation of level A or B. Refusing to run strangers' code; if "
            "you trust every submission, add --i-trust-this-code."
        )
        return None
    return isolation


def limits(args):
    """Returns the limits that the command line asks for."""
    return dataclasses.replace(
        Limits(),
        wall=args.seconds,
        memory=int(args.memory * GIGABYTE),
        address_space=int(args.address_space * GIGABYTE),
        processes=args.processes,
        file=int(args.file_size * MEGABYTE),
    )


def workers(asked=None):
    """Returns how many workers there should be, and a sentence that says why.

    Args:
        asked: Integer, what the command line asks for, or None.
    """
    import psutil

    if asked:
        return max(1, asked), f"{max(1, asked)} workers, as asked"
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    cores = cores or os.cpu_count() or 1
    free = psutil.virtual_memory().available
    count = max(1, min(cores, free // WORKER_BYTES))
    why = f"{cores} cores, {free / GIGABYTE:.1f} GB of free memory at 1.5 GB each"
    return count, f"{count} worker{'s' * (count > 1)}: {why}"


@contextlib.contextmanager
def _alone(folder):
    """Lets only one `grade` write to a folder; the lock dies with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ValueError(
                f"Expected to be alone. Received: another `grade` writes to {folder}"
            ) from None
        yield


def _grade(args, key, students, isolation):
    grades = results.Grades(args.out)
    if args.marks:
        free_text.read(args.marks)  # a file that makes no sense stops us here
        text = args.marks.read_text(encoding="utf-8-sig")
        results.replace_file(args.out / "marks.csv", text)
    units = [(student, lesson) for student in students for lesson in key.lessons]
    run = _run_dask if args.dask else _run_threads
    failed = run(args, Work(key, grades, isolation, limits(args)), units)
    for line in failed:
        print(line)
    problems = derive(key, grades, units)
    for line in problems:
        print(line)
    return 1 if failed or problems else 0


@dataclasses.dataclass
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
        from course_utils.grading.unit import grade_one

        handed, stored = self.prepare(submission, lesson)
        if stored is not None:
            return stored
        start = time.perf_counter()
        result = grade_one(self.key, handed, lesson, self.isolation, self.limits)
        self.finish(result, time.perf_counter() - start)
        return result


def _run_threads(args, work, units):
    """Grades with a few threads, each with a sandbox of its own.

    Returns:
        List of sentences about what could not be graded.
    """
    count, why = workers(args.jobs)
    count = min(count, max(1, len(units)))
    print(why)
    todo, done = queue.SimpleQueue(), queue.SimpleQueue()
    for unit in units:
        todo.put(unit)
    stop = threading.Event()
    threads = [
        threading.Thread(target=_worker, args=(work, todo, done, stop))
        for _ in range(count)
    ]
    for thread in threads:
        thread.start()
    try:
        return report(units, (done.get() for _ in units))
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _worker(work, todo, done, stop):
    from course_utils.grading.unit import close_workshop

    try:
        while not stop.is_set():
            try:
                submission, lesson = todo.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((submission, lesson, work.grade(submission, lesson), None))
            except BaseException as error:  # one unit never stops the others
                done.put((submission, lesson, None, error))
    finally:
        close_workshop()


def _run_dask(args, work, units):
    from course_utils.grading import cluster

    return report(units, cluster.outcomes(args.dask, work, units))


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


def derive(key, grades, units):
    """Writes what follows from the results: marks merged, table, pages.

    Args:
        key: `Key`.
        grades: `results.Grades`.
        units: List of pairs (submission, lesson).

    Returns:
        List of sentences about what could not be written.
    """
    stored = grades.folder / "marks.csv"
    marks = free_text.read(stored) if stored.exists() else {}
    problems, rows, by_student = [], [], {}
    for submission, lesson in units:
        result = grades.read(submission.student, lesson)
        if result is None:
            continue
        merged, wrong = free_text.merge(result, marks)
        problems += wrong
        if merged != result:
            grades.write(merged)
        rows.append(merged)
        by_student.setdefault(submission.student, []).append(merged)
    grades.write_table(rows)
    for student, theirs in by_student.items():
        text = feedback.page(theirs[0]["name"], theirs, key.course)
        try:
            results.replace_file(grades.feedback(student), text)
        except OSError as error:
            problems.append(f"No feedback page for {student!r}: {error}")
    page = free_text.page(rows)
    if page:
        results.replace_file(grades.folder / "answers.html", page)
        print(f"Answers in words: mark them in {grades.folder / 'answers.html'}")
    return problems
