"""Grades for a spreadsheet, Canvas and Moodle, there and back."""

import csv
import json
from pathlib import Path

import pytest

from course_utils import __main__
from course_utils.grading import lms, marks

# The layouts that the two document; the rows are made up.
GRADEBOOKS = Path(__file__).parent / "gradebooks"
CANVAS = (GRADEBOOKS / "canvas.csv").read_text(encoding="utf-8")
MOODLE = (GRADEBOOKS / "moodle.csv").read_text(encoding="utf-8")
EXERCISE = {"title": "Assignment 6", "practice": False, "points": 3.5, "out_of": 4}


def result(student, state="graded", points=3.5, **more):
    return {
        "student": student,
        "name": student.title(),
        "lesson": "06_denoising",
        "state": state,
        "detail": "" if state == "graded" else state,
        "points": points,
        "out_of": 4,
        "exercises": [EXERCISE],
    } | more


@pytest.fixture
def grades(tmp_path):
    """Returns a function that writes results as `grade` does."""

    def write(*results):
        for each in results:
            place = tmp_path / "results" / each["student"].replace("/", "%2F")
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{each['lesson']}.json").write_text(json.dumps(each))
        return tmp_path

    return write


def export(folder, kind, *options):
    """Runs the command and returns the rows that it wrote."""
    code = __main__.main(["export", str(folder), "--format", kind, *options])
    assert code == 0
    with open(folder / f"export-{kind}.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def gradebook(folder, text):
    path = folder / "gradebook.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return ["--gradebook", str(path)]


def test_a_spreadsheet_has_points_state_and_total(grades):
    folder = grades(
        result("ann"),
        result("ann", lesson="10_variational", points=1),
        result("bob", "absent", 0),
    )
    header, ann, bob = export(folder, "csv")
    assert header[:5] == [
        "student", "name", "06_denoising points", "06_denoising out of",
        "06_denoising state",
    ]  # fmt: skip
    assert ann == ["ann", "Ann", "3.5", "4", "graded", "1", "4", "graded", "4.5"]
    assert bob == ["bob", "Bob", "", "4", "absent", "", "", "", "0"]


@pytest.mark.parametrize("state", ["absent", "unreadable"])
def test_what_was_not_graded_is_empty_and_not_zero(state):
    assert marks.grade(result("ann", state, 0)) == ""
    assert marks.grade(None) == ""


def test_absent_is_zero_only_when_asked_and_unreadable_never():
    assert marks.grade(result("ann", "absent", 0), absent_is_zero=True) == "0"
    assert marks.grade(result("ann", "unreadable", 0), absent_is_zero=True) == ""
    assert marks.grade(result("ann", "crashed", 0)) == "0"


def test_canvas_gets_its_own_file_back_with_one_column_filled(grades):
    folder = grades(result("ann"), result("bob", "timed out", 0), result("1003"))
    before = list(csv.reader(CANVAS.removeprefix("\ufeff").splitlines()))
    after = export(folder, "canvas", *gradebook(folder, CANVAS))
    assert [row[6] for row in after[1:]] == [
        "Manual Posting", "4.00", "3.5", "0", "3.5", "",
    ]  # fmt: skip
    assert after[5][0] == "'" + before[5][0]
    for row in (*before, *after):
        row[6] = ""
    after[5][0] = before[5][0]
    assert after == before
    text = (folder / "export-canvas.csv").read_bytes()
    assert text.startswith("\ufeff".encode())


def test_a_lesson_that_canvas_does_not_know_becomes_a_new_column(grades):
    folder = grades(result("ann", lesson="10_variational"))
    rows = export(folder, "canvas", *gradebook(folder, CANVAS))
    assert [row[-1] for row in rows[:4]] == ["10_variational", "", "4", "3.5"]


def test_canvas_reads_what_we_wrote_a_second_time(grades):
    folder = grades(result("ann"), result("eve", points=1))
    once = export(folder, "canvas", *gradebook(folder, CANVAS))
    written = (folder / "export-canvas.csv").read_text(encoding="utf-8")
    assert export(folder, "canvas", *gradebook(folder, written)) == once


def test_moodle_gets_its_worksheet_back_and_locked_rows_stay(grades, capsys):
    folder = grades(
        result("1001"), result("bob@uni.example"), result("1003", "absent", 0)
    )
    before = list(csv.reader(MOODLE.splitlines()))
    after = export(folder, "moodle", *gradebook(folder, MOODLE))
    assert [row[4] for row in after] == ["Grade", "3.5", "1.00", ""]
    assert after[1][-1] == "Assignment 6: 3.5 of 4"
    after[1][4] = after[1][-1] = ""
    assert after == before
    said = capsys.readouterr().out
    assert "2 graded, 1 absent" in said
    assert "locked in Moodle, left as it is: Participant 1002" in said


def test_a_comment_is_escaped_and_no_formula(grades):
    folder = grades(result("1001", "crashed", 0, detail="=<script>alert(1)</script>"))
    row = export(folder, "moodle", *gradebook(folder, MOODLE))[1]
    assert row[-1] == "'=&lt;script&gt;alert(1)&lt;/script&gt;"


def test_other_maximum_is_refused_and_scaled_when_asked(grades, capsys):
    folder = grades(result("1001"))
    hundred = gradebook(folder, MOODLE.replace("4.00", "100.00"))
    command = ["export", str(folder), "--format", "moodle", *hundred]
    assert __main__.main(command) == 1
    assert "100" in capsys.readouterr().out
    assert export(folder, "moodle", *hundred, "--scale")[1][4] == "87.5"


def test_moodle_takes_one_lesson_at_a_time(grades, capsys):
    folder = grades(result("1001"), result("1001", lesson="10_variational"))
    sheet = gradebook(folder, MOODLE)
    assert __main__.main(["export", str(folder), "--format", "moodle", *sheet]) == 1
    assert "--lesson" in capsys.readouterr().out
    assert export(folder, "moodle", *sheet, "--lesson", "06_denoising")[1][4] == "3.5"


def test_without_a_gradebook_new_ones_are_made(grades):
    folder = grades(result("ann"), result("1002"))
    rows = export(folder, "canvas")
    assert rows[0] == [*lms.CANVAS, "06_denoising"]
    assert rows[1] == ["    Points Possible", "", "", "", "", "4"]
    assert rows[2] == ["1002", "", "", "1002", "", "3.5"]
    rows = export(folder, "moodle")
    assert rows[0] == lms.MOODLE
    assert rows[1][:5] == ["Participant 1002", "1002", "", "", "3.5"]


def test_two_with_the_same_name_get_nothing_by_name(grades, capsys):
    folder = grades(result("smith"))
    twins = CANVAS.replace("Lee, Ann", "Smith").replace('O\'Hara, ""Bob""', "Smith")
    rows = export(folder, "canvas", *gradebook(folder, twins))
    assert [row[6] for row in rows[3:5]] == ["", "2.00"]
    assert "not sure who: smith" in capsys.readouterr().out


def test_a_row_that_two_claim_goes_to_neither():
    rows = [lms.CANVAS, ["Lee, Ann", "1001", "s1", "ann", ""]]
    assert lms.find(rows, {"ann": ["ann"], "other": ["other", "1001"]}) == {}


def test_who_is_not_found_is_named(grades, capsys):
    folder = grades(result("zoe"))
    export(folder, "canvas", *gradebook(folder, CANVAS))
    said = capsys.readouterr().out
    assert "not sure who: zoe" in said
    assert "no result for this row: Lee, Ann" in said
    assert "Test" not in said


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1+1", "-2-3"],
)
def test_a_formula_becomes_text(text):
    assert lms.guarded(text) == "'" + text


@pytest.mark.parametrize("text", ["-3", "+2.5", "3", "-0,5", "", "-", "Ann", "a=b"])
def test_numbers_and_words_stay(text):
    assert lms.guarded(text) == text


def test_a_semicolon_is_kept(grades):
    folder = grades(result("ann"))
    text = "Student;ID;SIS User ID;SIS Login ID;Section;06_denoising (1)\nAnn;1;;ann;\n"
    assert (
        __main__.main(
            ["export", str(folder), "--format", "canvas", *gradebook(folder, text)]
        )
        == 0
    )
    written = (folder / "export-canvas.csv").read_text()
    assert written.splitlines()[1] == "Ann;1;;ann;;3.5"


def test_answers_in_words_without_marks_are_said(grades, capsys):
    export(grades(result("ann", pending=1), result("bob", pending=0)), "csv")
    assert "1 of them wait for marks" in capsys.readouterr().out


def test_no_results_and_a_wrong_file_are_sentences(tmp_path, grades, capsys):
    assert __main__.main(["export", str(tmp_path / "none"), "--format", "csv"]) == 1
    folder = grades(result("ann"))
    wrong = gradebook(folder, "a,b\n1,2\n")
    assert __main__.main(["export", str(folder), "--format", "canvas", *wrong]) == 1
    said = capsys.readouterr().out
    assert said.count("Expected") == 2
    assert "Received" in said
