"""Pages for students and graders: whole, escaped, and read back without loss."""

import base64
import itertools
import re
from html.parser import HTMLParser

import pytest

from course_utils.grading import feedback, free_text, results
from tests.test_grading_reading import picture

CORPUS = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "</textarea><script>alert(1)</script>",
    "</blockquote></style><base href=//evil>",
    "<meta http-equiv=refresh content='0;url=//evil'>",
    "]]><!--<form action=//evil>",
    "\u202ealert\u0000\x1b[31m",
    "{{7*7}}${7*7}",
]
ALLOWED = set(
    re.findall(
        r"\w+",
        """html head meta title style body main section h1 h2 h3
p ul li a strong table thead tbody tr th td span img blockquote""",
    )
)
MARKING = ALLOWED | set(
    re.findall(
        r"\w+",
        """fieldset legend label input textarea button
script code""",
    )
)


class Page(HTMLParser):
    """Collects tags, attributes, and what the headings say."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.open = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attributes]
        if tag not in ("meta", "img", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def exercise(text="x", **changes):
    return {
        "name": "double",
        "title": text,
        "kind": "exercise",
        "practice": False,
        "points": 1.5,
        "out_of": 2,
        "note": text,
        "requirements": [
            {"title": text, "weight": 3, "met": True, "hint": ""},
            {"title": text, "weight": 1, "met": False, "hint": text},
        ],
        "pictures": [],
    } | changes


def words(text="x", **changes):
    return (
        exercise(
            text,
            kind="text",
            answer=text,
            pending=True,
            comment="",
            points=0,
            name="why",
        )
        | changes
    )


def result(text="x", exercises=None, **changes):
    return {
        "student": text,
        "name": text,
        "lesson": text,
        "state": "graded",
        "detail": text,
        "points": 1.5,
        "out_of": 4,
        "pending": 1,
        "level": text,
        "reproduced": True,
        "exercises": exercises or [exercise(text), words(text, comment=text)],
    } | changes


@pytest.mark.parametrize("evil", CORPUS)
def test_nothing_of_a_student_becomes_part_of_the_feedback_page(evil):
    made = Page(feedback.page(evil, [result(evil)], evil))
    plain = Page(feedback.page("x", [result()], "x"))
    assert made.tags == plain.tags
    assert set(made.tags) <= ALLOWED
    names = [(tag, name) for tag, name, _ in made.attributes]
    assert names == [(tag, name) for tag, name, _ in plain.attributes]


@pytest.mark.parametrize("evil", CORPUS)
def test_nothing_of_a_student_becomes_part_of_the_page_to_mark(evil):
    made, plain = (Page(free_text.page([result(text)])) for text in (evil, "x"))
    assert made.tags == plain.tags
    assert set(made.tags) <= MARKING
    assert made.tags.count("script") == 1
    names = [(tag, name) for tag, name, _ in made.attributes]
    assert names == [(tag, name) for tag, name, _ in plain.attributes]


def test_the_feedback_page_forbids_all_but_its_style_and_pictures():
    page = feedback.page("Jane", [result()], "Tiny")
    policies = [v for tag, name, v in Page(page).attributes if name == "content"]
    assert policies[0] == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    )
    urls = [v for _, name, v in Page(page).attributes if name in ("src", "href")]
    assert all(url.startswith(("#", "data:image/png;base64,")) for url in urls)


def test_the_feedback_page_is_ordered_for_a_screen_reader():
    drawn = exercise(pictures=[base64.b64encode(picture()).decode()])
    page = feedback.page("Jane", [result(exercises=[drawn]), result()], "Tiny")
    levels = [int(tag[1]) for tag in Page(page).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))
    attributes = Page(page).attributes
    assert ("html", "lang", "en") in attributes
    assert len([1 for tag, name, _ in attributes if (tag, name) == ("img", "alt")]) == 1
    assert all(value == "col" for tag, name, value in attributes if name == "scope")


def test_the_feedback_page_tells_points_and_hints():
    page = feedback.page("Jane", [result(exercises=[exercise("halve it")])], "Tiny")
    assert "1.5 of 4 points" in page
    assert "1.5 of 2 points" in page
    assert '<span class="hint">halve it</span>' in page
    assert "0 of 0.5" in page


@pytest.mark.parametrize("state", sorted(feedback.STATES))
def test_every_state_is_told_apart_on_the_page(state):
    assert feedback.STATES[state] in feedback.page("x", [result(state=state)], "x")


def test_there_is_no_page_to_mark_without_answers():
    assert free_text.page([result(exercises=[exercise()])]) is None
    assert free_text.page([result(exercises=[words(answer="")])]) is None


def test_every_box_of_the_page_to_mark_has_a_label():
    attributes = Page(free_text.page([result(), result()])).attributes
    boxes = [v for tag, name, v in attributes if tag in ("input", "textarea")
             and name == "id"]  # fmt: skip
    labels = [v for tag, name, v in attributes if (tag, name) == ("label", "for")]
    assert sorted(boxes) == sorted(labels)
    assert len(boxes) == 4


@pytest.mark.parametrize("student", ["jane", "=HYPERLINK(1)", 'a,b"c', "-", "../x"])
def test_marks_come_back_to_their_answer(tmp_path, student):
    row = [f"'{student}" if student[0] in "=" else student, "01", "why", "1.5", "'=no"]
    path = tmp_path / "marks.csv"
    path.write_text(results.csv_text([free_text.COLUMNS, row]))
    before = result(student=student, lesson="01")
    after, problems = free_text.merge(before, free_text.read(path))
    assert problems == []
    assert after["exercises"][1]["points"] == 1.5
    assert after["exercises"][1]["comment"] == "=no"


def test_marks_count_once_however_often_they_are_merged():
    marks = {("x", "x", "why"): (2.0, "good")}
    once, _ = free_text.merge(result(), marks)
    twice, _ = free_text.merge(once, marks)
    assert once == twice
    assert (once["points"], once["pending"]) == (3.5, 0)


@pytest.mark.parametrize("points", [-1.0, 2.5])
def test_marks_beyond_the_points_are_refused(points):
    after, problems = free_text.merge(result(), {("x", "x", "why"): (points, "")})
    assert "expected 0 to 2 points" in problems[0]
    assert after["pending"] == 1


@pytest.mark.parametrize(
    "rows", [[["a", "b"]], [free_text.COLUMNS, ["a", "b", "c", "nan", ""]]]
)
def test_a_file_that_holds_no_marks_is_refused(tmp_path, rows):
    path = tmp_path / "marks.csv"
    path.write_text(results.csv_text(rows))
    with pytest.raises(ValueError, match="Expected"):
        free_text.read(path)


def test_a_table_is_quoted_and_guarded(tmp_path):
    grades = results.Grades(tmp_path)
    grades.write_table([result("=1+1"), result('a,"b\n')])
    rows, _, _ = free_text.lms.read(tmp_path / "table.csv")
    assert [row[0] for row in rows] == ["student", "'=1+1", 'a,"b\n']
