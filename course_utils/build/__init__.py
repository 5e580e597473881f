"""Makes both notebooks of every lesson from its one source.

The command line only; what it needs (jupytext, nbclient) is imported when it runs,
so that students can use `python -m course_utils` without the dev extras.
"""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def add_arguments(parser):
    """Adds the arguments of `python -m course_utils build`.

    Args:
        parser: `argparse.ArgumentParser`.
    """
    parser.add_argument(
        "lessons", nargs="*", metavar="LESSON", help="such as 04_topic; default: all"
    )
    parser.add_argument(
        "--check", action="store_true", help="only tell what is stale; executes nothing"
    )
    parser.add_argument(
        "--force", action="store_true", help="execute again even what did not change"
    )


def main(args):
    """Builds or checks the lessons of this repository.

    Args:
        args: What the parser of `add_arguments` returned.

    Returns:
        Integer exit code: 0 if all is well, 1 if not, 130 after Ctrl-C.
    """
    try:
        from course_utils.build import colab, command, lessons
    except ModuleNotFoundError as error:
        print(f"Expected the dev extras: pip install -e '.[dev]'. Received: {error}")
        return 1
    folders = lessons.Folders(
        ROOT / "solutions", ROOT / "notebooks", colab.address(ROOT)
    )
    if args.check:
        return command.check(folders, args.lessons)
    try:
        return command.build(folders, args.lessons, force=args.force)
    except KeyboardInterrupt:
        print("\nInterrupted: what was not finished keeps its old notebooks.")
        return 130
