"""What strangers hand in is read safely, and found in each layout."""

import base64
import io
import json
import os
import zipfile
import zlib

import matplotlib
import numpy as np
import pytest

from course_utils.grading import choose, opening, parse, png, submissions
from course_utils.grading.opening import UnreadableError
from tests import grading_course as tiny

matplotlib.use("Agg")


def zipped(members):
    """Returns the bytes of a zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def put(folder, names, data=b"{}"):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def found(source, key=None):
    """Returns {student: (name, [files])} of some submissions."""
    return {
        each.student: (each.name, [file.name for file in each.files])
        for each in submissions.collect(source, key)
    }


def picture():
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(1, 1))
    axis.plot([0, 1])
    file = io.BytesIO()
    figure.savefig(file, format="png")
    pyplot.close(figure)
    return file.getvalue()


def test_a_folder_per_student_is_found(tmp_path):
    put(tmp_path, ["jane/04_a.ipynb", "jane/deep/er/05_b.ipynb", "john/04_a.ipynb"])
    (tmp_path / "late").mkdir()
    assert found(tmp_path) == {
        "jane": ("jane", ["04_a.ipynb", "05_b.ipynb"]),
        "john": ("john", ["04_a.ipynb"]),
        "late": ("late", []),
    }


def test_canvas_names_are_taken_apart(tmp_path):
    put(tmp_path, ["doejane_LATE_12_345_04_a-1.ipynb", "roejohn_7_8_my_file.ipynb"])
    assert found(tmp_path) == {
        "12": ("doejane", ["04_a-1.ipynb"]),
        "7": ("roejohn", ["my_file.ipynb"]),
    }


def test_moodle_names_are_taken_apart_in_folders_and_without(tmp_path):
    put(tmp_path, ["Jane Doe_12_assignsubmission_file_/04_a.ipynb"])
    put(tmp_path, ["Zoë Å_13_assignsubmission_file_04_a.ipynb"])
    assert found(tmp_path) == {
        "12": ("Jane Doe", ["04_a.ipynb"]),
        "13": ("Zoë Å", ["04_a.ipynb"]),
    }


def test_the_roster_says_who_is_who_and_who_is_absent(tmp_path):
    key = tiny.make_key(tmp_path / "key", {"jane@x": ["Jane Doe", "12"], "eve": []})
    put(tmp_path / "in", ["doejane_12_345_04_a.ipynb"])
    assert found(tmp_path / "in", key) == {
        "eve": ("eve", []),
        "jane@x": ("Jane Doe", ["04_a.ipynb"]),
    }


def test_files_beside_the_students_are_nobodys(tmp_path):
    put(tmp_path, ["README.txt", ".DS_Store", "__MACOSX/x.ipynb", "jane/04.ipynb"])
    put(tmp_path, ["jane/.ipynb_checkpoints/04-checkpoint.ipynb"])
    assert found(tmp_path) == {"jane": ("jane", ["04.ipynb"])}


def test_one_zip_holds_the_class_and_a_student_may_hand_in_a_zip(tmp_path):
    inner = zipped({"homework/04_a.ipynb": "{}", "__MACOSX/04_a.ipynb": "{}"})
    path = tmp_path / "all.zip"
    members = {"all/jane/04_a.ipynb": "{}", "all/doejohn_5_6_work.zip": inner}
    path.write_bytes(zipped(members))
    assert found(path) == {
        "5": ("doejohn", ["04_a.ipynb"]),
        "jane": ("jane", ["04_a.ipynb"]),
    }


def test_a_name_that_is_no_text_is_only_data(tmp_path):
    folder = os.fsencode(tmp_path) + b"/j\xffne"
    os.mkdir(folder)
    with open(folder + b"/04.ipynb", "wb") as file:
        file.write(b"{}")
    [(student, _)] = found(tmp_path).items()
    assert student == "j\\xffne"


def test_no_folder_is_said_so(tmp_path):
    with pytest.raises(ValueError, match="Expected a folder or a zip"):
        submissions.collect(tmp_path / "nowhere")


def test_the_latest_copy_counts_and_is_named(tmp_path):
    key = tiny.make_key(tmp_path / "key")
    for name in ("01_tiny.ipynb", "01_tiny-2.ipynb", "01_tiny-10.ipynb"):
        put(tmp_path, [f"in/jane/{name}"], json.dumps(tiny.notebook()).encode())
    put(tmp_path, ["in/jane/01_tiny-11.ipynb"], b"cut off")
    [jane] = submissions.collect(tmp_path / "in", key)
    handed = choose.choose(jane, key.lessons[tiny.LESSON], key)
    assert handed.data == json.dumps(tiny.notebook()).encode()
    assert "of 4 files, 01_tiny-10.ipynb counts" in handed.note
    assert "01_tiny-11.ipynb: not valid JSON" in handed.note


def test_a_renamed_file_counts_and_another_kind_of_file_does_not(tmp_path):
    key = tiny.make_key(tmp_path / "key")
    put(tmp_path, ["in/a/my work.ipynb"], json.dumps(tiny.notebook()).encode())
    put(tmp_path, ["in/b/report.pdf"])
    a, b = (
        choose.choose(each, key.lessons[tiny.LESSON], key)
        for each in submissions.collect(tmp_path / "in", key)
    )
    assert a.data is not None
    assert not a.problem
    assert b.data is None
    assert b.problem == "report.pdf: expected a notebook (.ipynb)"


def test_cells_are_read_whatever_the_line_ends(tmp_path):
    cells = [tiny.cell("a", "code", ["x = 1\r\n", "y = 2"])]
    data = b"\xef\xbb\xbf" + json.dumps(tiny.notebook(cells=cells)).encode()
    [cell] = parse.notebook(data)
    assert (cell.number, cell.id, cell.source) == (1, "a", "x = 1\ny = 2")


def test_stored_text_and_verified_pictures_are_kept():
    data = {"image/png": base64.b64encode(picture()).decode()}
    cell = tiny.cell("a", "code", "") | {
        "outputs": [
            {"output_type": "stream", "name": "stdout", "text": ["5\n"]},
            {"output_type": "display_data", "data": data, "metadata": {}},
            {"output_type": "display_data", "data": {"image/png": "PHN2Zz4="}},
        ]
    }
    [read] = parse.notebook(json.dumps(tiny.notebook(cells=[cell])).encode())
    assert read.text == "5\n"
    assert len(read.pictures) == 1
    assert matplotlib.image.imread(io.BytesIO(read.pictures[0])).shape == (100, 100, 4)


def test_a_verified_picture_looks_the_same_and_carries_nothing_else():
    before = picture()
    assert b"tEXt" in before
    after = png.verified(before)
    assert b"tEXt" not in after
    images = [matplotlib.image.imread(io.BytesIO(each)) for each in (before, after)]
    np.testing.assert_array_equal(*images)
    assert png.verified(after + b"<script>") == after


@pytest.mark.parametrize("spoil", ["short", "sum", "svg", "giant", "empty"])
def test_what_is_no_picture_is_refused(spoil):
    data = picture()
    header = data.index(b"IHDR")
    giant = b"IHDR" + (60_000).to_bytes(4) * 2 + data[header + 12 : header + 17]
    giant += zlib.crc32(giant).to_bytes(4)
    spoilt = {
        "short": data[: len(data) // 2],
        "sum": data[:60] + b"\0" + data[61:],
        "svg": b"<svg onload='alert(1)'/>",
        "giant": data[:header] + giant + data[header + 21 :],
        "empty": b"",
    }
    assert png.verified(spoilt[spoil]) is None


def test_a_usual_file_is_opened(tmp_path):
    put(tmp_path, ["a.ipynb"], b"x")
    assert opening.read_file(tmp_path / "a.ipynb") == b"x"
    with pytest.raises(UnreadableError, match="No such file"):
        opening.read_file(tmp_path / "b.ipynb")
