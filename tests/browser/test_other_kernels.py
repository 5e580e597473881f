"""A student with two lessons open is told that the other one holds memory."""

from tests.browser.server import ROOT

HOLDS = "held = b'x' * 400_000_000"
LOOKS = """from course_utils import memory
memory.warn_of_other_kernels()"""


def test_the_first_lesson_would_warn_of_another_open_notebook(lab, open_notebook):
    first = open_notebook(lab.write("holds", [HOLDS]))
    first.run_all()
    second = open_notebook(lab.write("looks", [LOOKS]))
    second.run_all()
    [said] = second.state()["errors"]  # standard error, so that it is never stored
    assert said.startswith("Other notebooks hold 0.")
    for notebook in (first, second):
        notebook.page.close()
    lab.shut_kernels_down()


def test_the_first_lesson_looks():
    source = (ROOT / "solutions/00_start_here.py").read_text()
    assert "memory.warn_of_other_kernels()" in source
