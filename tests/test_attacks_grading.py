"""Attacks on the pipeline around the sandbox: that one is reported, the rest graded."""

import io
import json
import os
import stat
import subprocess
import sys
import tracemalloc
import zipfile

import pytest

from course_utils.grading import (
    answers,
    choose,
    names,
    opening,
    parse,
    results,
    slices,
    submissions,
)
from course_utils.grading.isolation import Isolation
from course_utils.grading.limits import Limits
from course_utils.grading.opening import UnreadableError
from course_utils.grading.unit import grade_one
from tests import grading_course as tiny
from tests.test_grading_reading import zipped

BLANK = json.dumps(tiny.notebook()).encode()
NAMES = [
    "=HYPERLINK(1)",
    "../../x",
    "..",
    "a/b",
    "x" * 300,
    "\u202e",
    "a\nb",
    "~",
    "%2E",
]


def graded(folder, key):
    """Grades blanks and whatever else there is; the sandbox is never needed."""
    found = {}
    for each in submissions.collect(folder, key):
        handed = choose.choose(each, key.lessons[tiny.LESSON], key)
        isolation = Isolation("A")
        found[each.student] = grade_one(key, handed, tiny.LESSON, isolation, Limits())
    return found


@pytest.fixture
def key(tmp_path):
    return tiny.make_key(tmp_path / "key")


def plant(kind, path, secret):
    """Puts an attack where a notebook should be."""
    if kind == "link":
        path.symlink_to(secret)
    elif kind == "dangling link":
        path.symlink_to(secret.with_name("nothing"))
    elif kind == "hard link":
        os.link(secret, path)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        import socket

        with socket.socket(socket.AF_UNIX) as server:
            os.chdir(path.parent)
            server.bind(path.name)
    elif kind == "folder":
        path.mkdir()
    elif kind == "a gigabyte":
        with path.open("wb") as file:
            file.truncate(1 << 30)
    elif kind == "no permission":
        path.write_bytes(BLANK)
        path.chmod(0)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("link", "a link, which is not followed"),
        ("dangling link", "a link, which is not followed"),
        ("hard link", "a hard link"),
        ("pipe", "a device, pipe or folder"),
        ("socket", ""),
        ("a gigabyte", "expected at most 10 MB; received 1,024 MB"),
        ("no permission", "Permission denied"),
    ],
)
def test_what_is_no_plain_file_is_unreadable_and_the_others_are_graded(
    tmp_path, key, monkeypatch, kind, said
):
    if kind == "no permission" and os.geteuid() == 0:
        pytest.skip("root may read everything")
    monkeypatch.chdir(tmp_path)
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(BLANK)
    path = tmp_path / "in" / "mallory" / f"{tiny.LESSON}.ipynb"
    path.parent.mkdir(parents=True)
    plant(kind, path, secret)
    tiny.hand_in(tmp_path / "in", "jane")
    found = graded(tmp_path / "in", key)
    assert found["jane"]["state"] == "graded"
    assert found["mallory"]["state"] == "unreadable"
    assert said in found["mallory"]["detail"]


def test_a_folder_that_is_a_link_is_not_entered(tmp_path, key):
    tiny.hand_in(tmp_path / "secret", "jane")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "mallory").symlink_to(tmp_path / "secret" / "jane")
    found = graded(tmp_path / "in", key)
    assert found["mallory"]["state"] == "unreadable"
    assert "link" in found["mallory"]["detail"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_only_data(tmp_path, name):
    grades = results.Grades(tmp_path / "out")
    grades.write({"student": name, "lesson": tiny.LESSON})
    [path] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert path.parent.parent == tmp_path / "out" / "results"
    assert grades.read(name, tiny.LESSON)["student"] == name
    assert [each["student"] for each in grades.all()] == [name]
    assert grades.feedback(name).parent == tmp_path / "out" / "feedback"


def test_no_two_names_share_a_file(tmp_path):
    grades = results.Grades(tmp_path)
    others = [*NAMES, "x" * 301, "X", "%", "", "%252E"]
    assert len({grades.path(name, "01") for name in others}) == len(others)


def bomb():
    return zipped({f"{tiny.LESSON}.ipynb": b" " * (9 << 20)})


def linked():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo(f"{tiny.LESSON}.ipynb")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return file.getvalue()


def lying():
    """A zip whose list says ten bytes where megabytes come out."""
    data = bytearray(zipped({f"{tiny.LESSON}.ipynb": b"[" * (30 << 20)}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def crowded():
    return zipped({f"{i}.ipynb": b"" for i in range(12_000)})


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (bomb, "zip bomb"),
        (linked, "a link in a zip"),
        (lying, "damaged"),
        (crowded, "too many members"),
        (lambda: zipped({f"../../{tiny.LESSON}.ipynb": BLANK}), "leads out of it"),
        (lambda: zipped({f"/{tiny.LESSON}.ipynb": BLANK}), "leads out of it"),
        (lambda: zipped({f"C:\\x\\{tiny.LESSON}.ipynb": BLANK}), "leads out of it"),
        (lambda: zipped({"report.pdf": b"x"}), "expected a notebook"),
        (lambda: b"PK\x05\x06 no zip", "zip"),
        (lambda: b"", "zip"),
        (lambda: zipped({"a.zip": zipped({f"{tiny.LESSON}.ipynb": BLANK})}), "noteb"),
    ],
    ids=[
        "bomb", "link", "lying size", "12,000 members", "traversal", "absolute",
        "drive", "nothing of use", "broken", "empty", "zip in zip",
    ],
)  # fmt: skip
def test_a_hostile_zip_is_unreadable_and_the_others_are_graded(
    tmp_path, key, data, said
):
    tiny.hand_in(tmp_path / "in", "jane")
    (tmp_path / "in" / "mallory.zip").write_bytes(data())
    found = graded(tmp_path / "in", key)
    assert found["jane"]["state"] == "graded"
    assert found["mallory"]["state"] == "unreadable"
    assert said in found["mallory"]["detail"]
    assert not list(tmp_path.rglob("passwd"))


def with_cells(*cells):
    return json.dumps(tiny.notebook(cells=list(cells))).encode()


def code(**changes):
    return tiny.cell("a", "code", "") | changes


HUGE = 4 << 20


@pytest.mark.parametrize(
    "data",
    [
        b"", b"null", b"[]", b"5", b'"x"', b"{", b"\xff\xfe", b'{"nbformat": 3}',
        b"[" * HUGE, b'{"a":' * 90_000, b"[]," * (HUGE // 3),
        b'{"nbformat": 4, "cells": 5}',
        b'{"nbformat": 4, "cells": [5]}',
        b'{"nbformat": 4, "cells": [' + b"9" * 100_000 + b"]}",
        with_cells(code(source=5)), with_cells(code(source=[1])),
        with_cells(code(cell_type="evil")), with_cells(code(source={"a": 1})),
        with_cells(*[code()] * 501), with_cells(code(source="x" * 400_000)),
        b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": null}]}',
    ],
)  # fmt: skip
def test_hostile_json_is_refused_in_one_sentence(data):
    with pytest.raises(UnreadableError) as caught:
        parse.notebook(data)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 100


def test_json_that_would_fill_the_memory_is_not_even_parsed():
    with pytest.raises(UnreadableError, match="far more lists"):
        parse.notebook(with_cells(code(metadata={"x": [[]] * parse.MARKS})))


@pytest.mark.parametrize(
    "cell",
    [
        code(source="x = '\ud800'"),
        code(id={"x": 1}), code(id="x" * 1000), code(metadata=5), code(outputs=5),
        code(outputs=[5, None, {"data": 5}, {"data": {"image/png": 5}}]),
        code(outputs=[{"output_type": "stream", "name": "stdout", "text": "x"}]),
        code(outputs=[{"data": {"image/png": {"width": "1 onerror=alert(1)"}}}]),
        {"cell_type": "raw", "source": ""},
    ],
)  # fmt: skip
def test_odd_json_that_harms_nobody_is_read(cell):
    data = json.dumps(tiny.notebook(cells=[cell], metadata={"kernelspec": "../x"}))
    [read] = parse.notebook(data.encode())
    assert read.pictures == ()
    read.source.encode()


def test_the_largest_json_that_passes_stays_below_a_hundred_megabytes():
    cells = with_cells(code(metadata={"x": [[]] * (parse.MARKS // 2 - 100)}))
    tracemalloc.start()
    parse.notebook(cells + b" " * (opening.NOTEBOOK_BYTES - len(cells)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 << 20


@pytest.mark.parametrize(
    "source",
    [
        "(" * 5000, "[" * 90 + "]" * 90, "-" * 100_000 + "1", "a." * 90_000 + "a",
        "x" + "+x" * 100_000, "lambda:" * 30_000 + "1", "f(" * 3000 + ")" * 3000,
        "if 1:\n" + "".join(" " * i + "if 1:\n" for i in range(1, 99)) + " " * 99 + "x",
        "\0", "x = 1\0", "é" * 1000, "9" * 100_000, "not " * 60_000 + "x",
    ],
)  # fmt: skip
def test_code_that_breaks_parsers_does_not_break_the_grader(source):
    program = "import sys; from course_utils.grading import names; "
    program += "names.names(sys.stdin.read())"
    run = subprocess.run(
        [sys.executable, "-c", program], input=source, text=True, check=False
    )
    assert run.returncode == 0


def test_code_that_is_no_python_has_no_names():
    assert not names.names("def (").valid
    assert names.names("def (").defines == frozenset()


def test_a_notebook_full_of_cells_is_still_quick(tmp_path, key):
    """Each extra cell stands on the one before it; there are as many as may be."""
    chain = [tiny.cell(f"c{i}", "code", f"h{i} = h{i - 1}") for i in range(1, 480)]
    chain = [tiny.cell("c0", "code", "h0 = 2"), *chain]
    double = tiny.cell("double", "code", "double = lambda x: h479 * x")
    cells = parse.notebook(with_cells(*chain, double))
    pristine = choose.pristine(key.lessons[tiny.LESSON], {})
    found = {e.name: answers.find(cells, e, pristine) for e in tiny.EXERCISES}
    extras = slices.extra_slots(answers.extras(cells, found.values(), pristine))
    slots = slices.slots(pristine, tiny.EXERCISES, found)
    assert len(slices.needed(slots, extras, ["double"])) == 481
