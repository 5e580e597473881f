"""Pairs of answers that are alike, shown to a human; nothing is run."""

import html
import json

import pytest

from course_utils import __main__
from course_utils.grading import similarity

alike = pytest.importorskip(
    "course_utils.grading.alike",
    reason="needs copydetect: pip install -e '.[grading]'",
    exc_type=ImportError,
)

GIVEN = '''
def restore(images):
    """Removes the bar from each picture."""
    raise NotImplementedError
'''
OWN = '''
def restore(images):
    """Removes the bar from each picture."""
    bars = images.min(axis=2, keepdims=True) == 1
    guess = 0.5 * (np.roll(images, 2, axis=1) + np.roll(images, -2, axis=1))
    return np.where(bars, guess.clip(0, 1), images)
'''
RENAMED = OWN.replace("bars", "mask").replace("guess", "my_idea") + "# all mine!\n"
OTHER = '''
def restore(images):
    """Removes the bar from each picture."""
    result = []
    for picture in images:
        rows = [i for i in range(28) if picture[i].min() >= 1]
        fixed = picture.copy()
        for row in rows:
            fixed[row] = fill[row % 2]
        result.append(fixed)
    return np.stack(result)
'''


def students(found):
    return [pair.students for pair in found]


def test_a_copy_with_other_names_is_shown():
    found = alike.pairs({"ann": OWN, "bob": RENAMED, "eve": OTHER}, GIVEN)
    assert students(found) == [("ann", "bob")]
    assert min(found[0].shares) > 0.9


def test_different_answers_and_blanks_are_not_shown():
    assert alike.pairs({"ann": OWN, "eve": OTHER, "x": "", "y": ""}, GIVEN) == []


def test_what_everybody_was_given_does_not_count():
    assert alike.pairs({"ann": OWN, "bob": RENAMED}, GIVEN + OWN) == []
    assert alike.pairs({"ann": GIVEN, "bob": GIVEN}, GIVEN) == []


def test_what_many_share_is_no_sign():
    twelve = {f"s{i:02}": f"{OWN}\nnumber_{i} = {i}" for i in range(12)}
    assert alike.pairs(twelve, GIVEN) == []
    two = dict(list(twelve.items())[:2])
    assert students(alike.pairs(two, GIVEN)) == [("s00", "s01")]


def test_a_part_that_was_taken_over_is_marked_and_nothing_else():
    longer = OTHER + OWN.replace("restore", "second")
    found = alike.pairs({"ann": OWN, "eve": longer}, GIVEN)
    (pair,) = found
    assert pair.shares[0] > 0.9 > pair.shares[1]
    text, marks = pair.texts[1], pair.marks[1]
    shared = "".join(c for c, mark in zip(text, marks, strict=True) if mark)
    assert "np.roll(images, 2, axis=1)" in shared
    assert "result.append" not in shared


def test_the_page_escapes_and_accuses_nobody():
    bad = OWN + "# </pre><script>alert(1)</script>\n"
    found = alike.pairs({"<script>a</script>": bad, "b&b": bad}, GIVEN)
    text = similarity.page({"06_denoising": found, "<b>": []})
    assert "<script>" not in text
    assert "default-src 'none'" in html.unescape(text)
    assert "Alike is not\ncopied" in text
    assert text.count("<mark>") >= 2
    for word in ("cheat", "plagiar", "guilty", "suspect"):
        assert word not in text.lower()


def test_the_command_reads_submissions_and_writes_the_page(tmp_path, capsys):
    out, secret = str(tmp_path / "release"), str(tmp_path / "key")
    assert __main__.main(["assign", "06", "--out", out, "--key", secret]) == 0
    released = (tmp_path / "release" / "06_denoising.ipynb").read_text()
    answers = {"ann": OWN, "bob": RENAMED, "eve": OTHER, "blank": None}
    for student, answer in answers.items():
        notebook = json.loads(released)
        for cell in notebook["cells"]:
            if answer and "def restore" in "".join(cell["source"]):
                cell["source"] = answer
        folder = tmp_path / "submissions" / student
        folder.mkdir(parents=True)
        (folder / "06_denoising.ipynb").write_text(json.dumps(notebook))
    (tmp_path / "submissions" / "broken").mkdir()
    (tmp_path / "submissions" / "broken" / "06_denoising.ipynb").write_text("{")
    page = tmp_path / "page.html"
    command = ["similarity", str(tmp_path / "submissions"), "--key", secret]
    assert __main__.main([*command, "--out", str(page)]) == 0
    assert "Pairs to look at: 1." in capsys.readouterr().out
    assert "<h3>ann and bob</h3>" in page.read_text(encoding="utf-8")
    assert __main__.main(["similarity", "nowhere", "--key", secret]) == 1
