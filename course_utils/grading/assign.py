"""`python -m course_utils assign 06_denoising --out release --key key`."""

from pathlib import Path


def add_arguments(parser):
    """Adds the arguments of `assign` to a parser.

    Args:
        parser: `argparse.ArgumentParser`.
    """
    parser.add_argument(
        "lessons", nargs="+", metavar="LESSON", help="such as 06_denoising, or 06"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("release"), help="what is handed out"
    )
    parser.add_argument(
        "--key", type=Path, default=Path("key"), help="what only the grader keeps"
    )
    parser.add_argument(
        "--config", type=Path, help="TOML: exercises, points, questions in words"
    )
    parser.add_argument(
        "--roster", type=Path, help="CSV with a column 'student': one release for each"
    )


def main(args):
    """Writes a release and its key, and says what it cannot hide.

    Args:
        args: What the parser of `add_arguments` returned.

    Returns:
        Integer exit code: 0, or 1 if something leaks or was not understood.
    """
    from course_utils.grading import course, leaks, material, release

    try:
        chosen = course.read(args.config) if args.config else course.Course()
        roster = course.read_roster(args.roster) if args.roster else None
        folder = material.ROOT / "notebooks"
        names = [course.resolve(name, folder) for name in args.lessons]
        found = [material.read(name) for name in dict.fromkeys(names)]
        key, problems = release.write(args.out, args.key, chosen, found, roster)
    except (OSError, ValueError) as error:
        print(error)
        return 1
    for problem in problems:
        print(f"leak: {problem}")
    if problems:
        print("Nothing was written.")
        return 1
    secret = release.secret_lines(key, found)
    for each in found:
        _report(key.lessons[each.name], each)
        for name in leaks.unguarded(each.solved, secret):
            print(f"  {name}: no line of its solution is long enough to look for")
    copies = f" for {len(roster)} students" if roster else ""
    print(f"Hand out {args.out}{copies}. Keep {args.key} to yourself.")
    return 0


def _report(lesson, found):
    print(f"{lesson.name}: {lesson.points:g} points")
    for each in lesson.exercises:
        where = found.public.get(each.name)
        earns = "practice" if each.practice else f"{each.points:g} points"
        print(
            f"  {each.name}: {earns}"
            + (f"; cannot be hidden: {where}" if where else "")
        )
    if not found.hidden:
        print("  no hidden checks: its exercises cannot be graded")
    if lesson.points == 0:
        print("  nothing counts: set count_public = true in the TOML file, or choose")
        print("  a lesson with an assignment")
