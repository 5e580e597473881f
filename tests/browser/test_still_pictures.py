"""What a reader without a kernel sees: pages that nothing runs behind."""

import re

import nbconvert
import nbformat
import pytest

from tests.browser import axe
from tests.browser.conftest import WINDOW
from tests.browser.server import KEPT, ROOT
from tests.browser.test_every_lesson import LESSONS, lessons_own

EXPLORER = """from course_utils import plots, widgets
def draw(size):
    ends = {"a": ([0, size], [0, 1])}
    return plots.lines(ends, alt=f"a line of {size}", x_label="x", y_label="y")
widgets.Explorer(draw, size=widgets.slider("size", 1, 9))"""


@pytest.fixture(params=LESSONS)
def page(request, browser, tmp_path):
    """Returns a solved lesson as nbconvert's page, without scripts or styles.

    So do GitHub and nbviewer show them, near enough.
    """
    solved = ROOT / "solutions" / f"{request.param}.ipynb"
    notebook = nbformat.read(solved, as_version=4)
    html, _ = nbconvert.HTMLExporter().from_notebook_node(notebook)
    body = html.index("<main")
    harmless = re.sub(r"<(script|style)[\s\S]*?</\1>", "", html[body:])
    file = tmp_path / "lesson.html"
    file.write_text(html[:body] + harmless, encoding="utf-8")
    context = browser.new_context(viewport=WINDOW, offline=True)
    opened = context.new_page()
    opened.goto(file.as_uri(), wait_until="domcontentloaded")
    opened.name = request.param[:2]
    yield opened
    context.close()


def test_the_widget_is_a_picture_with_a_sentence(page):
    still = page.get_by_text("Still picture: run this cell").first
    assert still.is_visible()
    KEPT.mkdir(parents=True, exist_ok=True)
    still.scroll_into_view_if_needed()
    page.screenshot(path=KEPT / f"{page.name}-page.png")


def test_every_picture_is_there_and_has_a_text(page):
    images = page.locator(".jp-OutputArea img").all()
    assert len(images) > 1
    for image in images:
        assert image.get_attribute("alt").strip()
        assert image.evaluate("image => image.naturalWidth") > 40


def test_headings_and_texts_are_in_order(page):
    found = axe.findings(page, "main")
    assert [one for one in found if one["rule"] in ("image-alt", "heading-order")] == []


def only_the_still_is_seen(notebook):
    still = notebook.page.locator(".course-still").first
    still.scroll_into_view_if_needed()
    assert still.is_visible()
    assert "run this cell" in still.inner_text()
    notebook.page.wait_for_timeout(3000)  # ipywidgets looks for its model for two
    for error in notebook.page.get_by_text("Error displaying widget").all():
        assert not error.is_visible()


def test_a_lesson_saved_and_opened_another_day_shows_the_still(lab, open_notebook):
    address = lab.write("saved", [EXPLORER])
    first = open_notebook(address)
    first.run_all()
    first.page.locator(".course-live").wait_for()
    assert not first.page.locator(".course-still").is_visible()
    first.menu("File", "Save Notebook")
    first.page.wait_for_timeout(2000)
    first.page.close()
    lab.shut_kernels_down()
    second = open_notebook(address)
    assert "widget-view" in (lab.folder / "saved.ipynb").read_text()
    only_the_still_is_seen(second)
    second.page.close()
    lab.shut_kernels_down()


@pytest.mark.parametrize("name", LESSONS)
def test_a_solved_lesson_that_nobody_trusts_is_whole(name, lab, open_notebook):
    notebook = open_notebook(lab.address(f"solutions/{name}.ipynb"))
    notebook.photograph(KEPT, f"{name[:2]}-solved")
    only_the_still_is_seen(notebook)
    for image in notebook.page.locator(".jp-OutputArea-output img").all():
        assert image.get_attribute("alt").strip()
        assert image.evaluate("image => image.naturalWidth") > 40
    assert notebook.scrolls() == []
    assert lessons_own(axe.findings(notebook.page, ".jp-Notebook")) == []
    notebook.page.close()
    lab.shut_kernels_down()
