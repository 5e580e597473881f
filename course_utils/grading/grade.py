"""`python -m course_utils grade submissions --key key --out grades`."""

import contextlib
import dataclasses
import fcntl
from pathlib import Path

from course_utils.data import cache
from course_utils.grading import (
    bubblewrap,
    feedback,
    free_text,
    results,
    submissions,
    work,
)
from course_utils.grading.isolation import probe
from course_utils.grading.key import Key
from course_utils.grading.limits import GIGABYTE, MEGABYTE, Limits

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
        if isolation.level != "C":
            _expect_out_of_sight(isolation, args.key, args.submissions, args.out)
        students = submissions.collect(args.submissions, key)
        with alone(args.out):
            return _grade(args, key, students, isolation)
    except (OSError, ValueError) as error:
        print(error)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted. The same command goes on where it stopped.")
        return 130


def _isolation(args):
    """Returns the isolation to grade with; None, and says why, if it is short."""
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


def _expect_out_of_sight(isolation, *paths):
    """Raises ValueError if a submission could read what it must not."""
    seen = bubblewrap.readable if isolation.level == "B" else bubblewrap.folders
    for folder in map(Path, seen(cache.cache_folder())):
        for path in paths:
            if path.resolve().is_relative_to(folder.resolve()):
                raise ValueError(
                    f"Expected {path} outside of {folder}, which every submission "
                    "can read. Move it, to your home for example."
                )


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


@contextlib.contextmanager
def alone(folder):
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
    shared = work.Work(key, grades, isolation, limits(args))
    if args.dask:
        from course_utils.grading import cluster

        failed = work.report(units, cluster.outcomes(args.dask, shared, units))
    else:
        failed = work.run(shared, units, args.jobs)
    for line in failed:
        print(line)
    problems = derive(key, grades, units)
    for line in problems:
        print(line)
    return 1 if failed or problems else 0


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
