"""The one door for those who run the course: `python -m course_utils COMMAND`."""

import argparse
import importlib
import sys

COMMANDS = {
    "fetch": "put the data in place, once",
    "build": "make both notebooks of each lesson from its source",
    "site": "make pages of the solved lessons, for those who only read",
    "assign": "make the notebooks to hand out, and the key to keep",
    "grade": "grade submissions in isolation, from outside",
    "similarity": "show pairs of answers that are alike, to a human",
    "export": "write the grades for a spreadsheet, Canvas or Moodle",
}
GRADING = {"assign", "grade", "similarity", "export"}


def main(arguments=None):
    """Runs one command; its module is imported only then.

    Args:
        arguments: List of strings, by default those of the command line.

    Returns:
        Integer, the exit code.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    width = max(map(len, COMMANDS))
    listed = "\n".join(f"  {name:{width}}  {what}" for name, what in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m course_utils",
        epilog=f"commands:\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND")
    name = parser.parse_args(arguments[:1]).command
    place = "course_utils.grading" if name in GRADING else "course_utils"
    module = importlib.import_module(f"{place}.{name}")
    inner = argparse.ArgumentParser(
        prog=f"python -m course_utils {name}", description=COMMANDS[name]
    )
    module.add_arguments(inner)
    return module.main(inner.parse_args(arguments[1:]))


if __name__ == "__main__":
    sys.exit(main())
