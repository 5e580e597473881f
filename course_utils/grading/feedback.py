"""One HTML page per student: self-contained, escaped, without scripts."""

import html

from course_utils.grading.marks import number

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto;
  padding: 0 1rem; color: #1a1a1a; background: #fff }
h1, h2, h3 { line-height: 1.25 } h2 { margin-top: 2.5rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem;
  table-layout: fixed } th:nth-child(2) { width: 38% } th:nth-child(3) { width: 14% }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem;
  border-bottom: 1px solid #ccc }
th:last-child, td:last-child { text-align: right; white-space: nowrap }
.met { color: #0b5c2b } .missed { color: #9b1c1c } .hint { display: block }
blockquote { white-space: pre-wrap; border-left: 4px solid #999; margin: 0;
  padding: .2rem 1rem; overflow-wrap: anywhere }
.note { overflow-wrap: anywhere } img { max-width: 100%; height: auto }
a:focus-visible { outline: 3px solid #1a56b0 }
"""
STATES = {
    "absent": "Nothing was handed in.",
    "unreadable": "The file cannot be read, so there are no points yet. "
    "Hand it in again, or ask.",
    "crashed": "Some code stopped with an error.",
    "timed out": "Some code took too long and was stopped.",
    "out of memory": "Some code took too much memory and was stopped.",
    "too much output": "Some code printed too much and was stopped.",
}


def page(name, results, course):
    """Writes the page of one student.

    Args:
        name: String, what a human calls the student.
        results: List of results of that student.
        course: String, the name of the course.

    Returns:
        String, HTML.
    """
    listed = "".join(
        f'<li><a href="#lesson-{i}">{escaped(each["lesson"])}</a>: '
        f"{_verdict(each)}</li>"
        for i, each in enumerate(results)
    )
    lessons = "".join(_lesson(i, each) for i, each in enumerate(results))
    main = f"<h1>Feedback for {escaped(name)}</h1><ul>{listed}</ul>{lessons}"
    return document(f"Feedback for {name}: {course}", main, POLICY)


def document(title, main, policy, style=STYLE, script=""):
    """Returns a whole HTML page.

    Args:
        title: String, not yet escaped.
        main: String, HTML.
        policy: String, the content-security policy.
        style: String, CSS.
        script: String, HTML after the main part.
    """
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escaped(policy)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title><style>{style}</style></head>\n"
        f"<body><main>\n{main}\n</main>{script}</body></html>\n"
    )


def escaped(value):
    """Returns anything as text that HTML takes for nothing else."""
    return html.escape(str(value), quote=True)


def _lesson(i, result):
    parts = [f'<section><h2 id="lesson-{i}">{escaped(result["lesson"])}</h2>']
    parts.append(f"<p><strong>{_verdict(result)}</strong></p>")
    if result["state"] in STATES:
        parts.append(f"<p>{STATES[result['state']]}</p>")
    if result["detail"]:
        parts.append(f'<p class="note">{escaped(result["detail"])}</p>')
    if result["reproduced"] is not None:
        again = "came out again" if result["reproduced"] else "came out otherwise"
        parts.append(f"<p>The outputs stored in your notebook {again}.</p>")
    parts += [_exercise(each) for each in result["exercises"]]
    parts.append(f'<p class="note">Graded at level {escaped(result["level"])}.</p>')
    return "".join([*parts, "</section>\n"])


def _exercise(exercise):
    points = f"{number(exercise['points'])} of {number(exercise['out_of'])} points"
    if exercise["practice"]:
        points = f"practice: {points}, which do not count"
    if exercise.get("pending"):
        points = f"not marked yet, out of {number(exercise['out_of'])}"
    parts = [f"<h3>{escaped(exercise['title'])}</h3><p>{points}</p>"]
    if exercise["note"]:
        parts.append(f'<p class="note">{escaped(exercise["note"])}</p>')
    if exercise["kind"] == "text":
        parts.append(_answer(exercise))
    elif exercise["requirements"]:
        parts.append(_requirements(exercise))
    parts += [
        f'<p><img src="data:image/png;base64,{escaped(coded)}" '
        f'alt="Picture {i} that your answer drew"></p>'
        for i, coded in enumerate(exercise["pictures"], 1)
    ]
    return "".join(parts)


def _answer(exercise):
    answer = escaped(exercise["answer"]) or "no answer"
    comment = exercise["comment"]
    said = f'<p class="note">Comment: {escaped(comment)}</p>' if comment else ""
    return f"<blockquote>{answer}</blockquote>{said}"


def _requirements(exercise):
    total = sum(each["weight"] for each in exercise["requirements"])
    rows = "".join(
        _row(each, exercise["out_of"] * each["weight"] / total)
        for each in exercise["requirements"]
    )
    return (
        '<table><thead><tr><th scope="col">Your answer ...</th>'
        '<th scope="col">Holds?</th><th scope="col">Points</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(requirement, points):
    if requirement["met"]:
        said, earned = '<span class="met">✓ yes</span>', number(points)
    else:
        hint = escaped(requirement["hint"] or "not met")
        said = f'<span class="missed">✗ no</span> <span class="hint">{hint}</span>'
        earned = f"0 of {number(points)}"
    title = escaped(requirement["title"])
    return f"<tr><td>{title}</td><td>{said}</td><td>{earned}</td></tr>"


def _verdict(result):
    if result["state"] in ("absent", "unreadable"):
        return f"{result['state']}, no points"
    points = f"{number(result['points'])} of {number(result['out_of'])} points"
    state = "" if result["state"] == "graded" else f", {result['state']}"
    waiting = " so far" if result["pending"] else ""
    return points + waiting + state
