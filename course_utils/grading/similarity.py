"""`python -m course_utils similarity submissions --key key --out similarity.html`."""

import json
from itertools import groupby
from pathlib import Path

from course_utils.grading import feedback
from course_utils.grading.feedback import escaped

STYLE = """
body { font: 16px/1.5 sans-serif; max-width: 80rem; margin: auto; padding: 1rem; }
section { border-top: 1px solid #767676; }
.both { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr));
 gap: 1rem; }
pre { background: #f6f6f6; color: #111; padding: .5rem;
 white-space: pre-wrap; overflow-wrap: anywhere; }
mark { background: #ffe08a; color: #111; }
"""
TITLE = "Answers that are alike"
INTRODUCTION = f"""<h1>{TITLE}</h1>
<p>These pairs share passages that nobody was given. <strong>Alike is not
copied</strong>: there are few ways to write a short answer, and friends learn together.
Read both, and ask before you judge. Nothing here changes a grade.</p>
<p>Names of variables do not matter; what was handed out, the course's own answers, and
what more than a tenth of the class (or 50 students) shares are left out.</p>
"""


def add_arguments(parser):
    """Adds the arguments of `similarity` to a parser.

    Args:
        parser: `argparse.ArgumentParser`.
    """
    parser.add_argument("submissions", type=Path, help="a folder, or a zip")
    parser.add_argument("--key", type=Path, default=Path("key"))
    parser.add_argument("--out", type=Path, default=Path("similarity.html"))
    parser.add_argument(
        "--least", type=float, default=0.5, help="share to show a pair, 0 to 1"
    )


def main(args):
    """Writes a page with the pairs, for a human to read.

    Args:
        args: What the parser of `add_arguments` returned.

    Returns:
        Integer exit code: 0, or 1 if something was not understood.
    """
    from course_utils.grading import results
    from course_utils.grading.key import Key

    try:
        from course_utils.grading import alike
    except ModuleNotFoundError as error:
        print(f"Expected the extra: pip install -e '.[grading]'. Received: {error}")
        return 1
    try:
        key = Key.load(args.key)
        found = {
            name: alike.pairs(answers, _given(key, lesson), args.least)
            for name, lesson in key.lessons.items()
            for answers in [read(args.submissions, key, lesson)]
        }
        results.replace_file(args.out, page(found))
    except (OSError, ValueError) as error:
        print(error)
        return 1
    count = sum(map(len, found.values()))
    print(f"Pairs to look at: {count}. Wrote {args.out}.")
    return 0


def read(folder, key, lesson):
    """Reads the answers of all students to a lesson, and runs nothing.

    Args:
        folder: `Path` of the submissions.
        key: `Key`.
        lesson: `Lesson` of that key.

    Returns:
        Dict from a student to the source of the answers.
    """
    from course_utils.grading import answers, choose, parse, submissions

    found = {}
    for submission in submissions.collect(folder, key):
        handed = choose.choose(submission, lesson, key)
        if handed.data is None:
            continue
        cells = parse.notebook(handed.data)
        given = choose.pristine(lesson, key.parameters(handed.student, lesson.name))
        found[handed.student] = "\n\n".join(
            cell.source
            for exercise in lesson.exercises
            for cell in answers.find(cells, exercise, given).cells.values()
            if cell.kind == "code"
        )
    return found


def page(found):
    """Makes the page.

    Args:
        found: Dict from a lesson to a list of `alike.Pair`.

    Returns:
        String of HTML.
    """
    parts = []
    for lesson, pairs in found.items():
        parts.append(f"<h2>{escaped(lesson)}</h2>")
        parts += [_section(pair) for pair in pairs] or ["<p>No pairs to look at.</p>"]
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return feedback.document(TITLE, INTRODUCTION + "\n".join(parts), policy, STYLE)


def _given(key, lesson):
    """Returns the source of all code that everybody has, or could have from us."""
    notebook = json.loads(lesson.notebook.read_text(encoding="utf-8"))
    reference = json.loads(lesson.reference.read_text(encoding="utf-8"))
    code = [each for each in notebook["cells"] if each["cell_type"] == "code"]
    given = ["".join(each["source"]) for each in code]
    return "\n\n".join([*given, *reference.values()])


def _section(pair):
    first, second = map(escaped, pair.students)
    columns = "\n".join(
        f"<div><h4>{escaped(who)}: {share:.0%} also in the other</h4>\n"
        f"<pre>{_marked(text, marks)}</pre></div>"
        for who, share, text, marks in zip(
            pair.students, pair.shares, pair.texts, pair.marks, strict=True
        )
    )
    heading = f"<h3>{first} and {second}</h3>"
    return f'<section>\n{heading}\n<div class="both">\n{columns}\n</div>\n</section>'


def _marked(text, marks):
    parts = []
    for shared, run in groupby(zip(marks, text, strict=True), key=lambda each: each[0]):
        piece = escaped("".join(letter for _, letter in run))
        parts.append(f"<mark>{piece}</mark>" if shared else piece)
    return "".join(parts)
