"""Every lesson as a student meets it: run, seen, played with, left."""

import json

import psutil
import pytest

from tests.benchmarks.memory import BAR, sampled
from tests.browser import axe, widget
from tests.browser.server import KEPT, ROOT

LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
PRESSES = 7  # odd: at the end of a short slider they go to and fro
# axe's findings that are JupyterLab's own, not a lesson's: rule, how they show.
JUPYTERS = {
    ("aria-input-field-name", "cm-content"),  # the text box of a cell
    ("button-name", "jp-collapseHeadingButton"),  # it folds a section
    ("aria-required-children", "jp-WindowedPanel-viewport"),  # a feed without articles
}


@pytest.fixture(scope="module", params=LESSONS)
def lesson(request, lab, open_notebook):
    """Returns a lesson in the browser, all its cells run."""
    first = request.param == LESSONS[0]
    path = f"notebooks/{request.param}.ipynb"
    notebook = open_notebook(lab.start if first else lab.address(path))
    notebook.name = request.param[:2]
    try:
        with sampled(psutil.Process(lab.process.pid)) as held:
            notebook.run_all()
        notebook.peak = max(held)
        yield notebook
    finally:
        notebook.page.close()
        lab.shut_kernels_down()


@pytest.fixture(scope="module")
def latencies():
    """Returns a list that becomes a table beside the screenshots."""
    rows = []
    yield rows
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / "latency.md").write_text(widget.table(rows) + "\n")
    print("\n" + widget.table(rows))


def lessons_own(findings):
    """Leaves out what JupyterLab does wrong on every page."""
    return [
        one
        for one in findings
        if not any(one["rule"] == rule and c in one["html"] for rule, c in JUPYTERS)
    ]


def test_the_lesson_runs_to_its_end_without_an_error(lesson):
    lesson.photograph(KEPT, lesson.name)
    state = lesson.state()
    assert state["errors"] == []
    assert state["left"] == 0
    assert not any("WARNING" in text for text in state["prints"])


def test_every_figure_is_visible(lesson):
    images = lesson.page.locator(".jp-OutputArea-output img:not(.course-still img)")
    widgets = lesson.page.locator(".course-live")
    stills = lesson.page.locator(".course-still img")
    assert images.count() == lesson.state()["pictures"] > 1
    assert widgets.count() == stills.count() >= 1
    assert not any(still.is_visible() for still in stills.all())
    for image in images.all():
        box = image.bounding_box()
        assert image.is_visible()
        assert min(box["width"], box["height"]) > 40
        assert image.evaluate("image => image.naturalWidth") > 40


def test_nothing_scrolls_sideways(lesson):
    assert lesson.scrolls() == []


def test_binder_would_have_the_memory(lesson):
    assert lesson.peak < BAR


def test_a_reader_who_cannot_see_or_point_gets_on(lesson):
    found = axe.findings(lesson.page, ".jp-Notebook")
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{lesson.name}-axe.json").write_text(json.dumps(found, indent=1))
    assert lessons_own(found) == []


def move_sliders(played, moved):
    """Drags and presses the sliders; notes by name which changed the picture."""
    for slider in reversed(played.sliders):
        name = slider.get_attribute("aria-label")
        assert name, "every slider has a name that can be read aloud"
        before = played.pixels()
        played.drag(slider, 0.9)
        moved.setdefault((name, "mouse"), False)
        moved[name, "mouse"] |= played.differs(before)
        before = played.pixels()
        times, blank = played.press(slider, PRESSES)
        assert blank == 0, "the picture must not flicker"
        moved.setdefault((name, "keys"), False)
        moved[name, "keys"] |= played.differs(before)
        assert times or not moved[name, "keys"], "a new picture is timed"
        yield name, times


def choose(played, moved):
    """Goes to an end of every list by keyboard; notes whether the picture changed."""
    for choices in played.lists:
        before = played.pixels()
        choices.focus()
        first = choices.evaluate("list => list.selectedIndex === 0")
        played.page.keyboard.press("End" if first else "Home")
        played.settle()
        name = choices.evaluate("list => list.labels[0].innerText")
        moved[name, "choice"] = played.differs(before)


def test_every_control_has_a_name_and_moves_the_picture(lesson, latencies):
    for box in lesson.page.locator(".course-live").all():
        played, moved = widget.Widget(box), {}
        played.picture.scroll_into_view_if_needed()
        for name, times in move_sliders(played, moved):
            latencies.append((lesson.name, name, times))
        choose(played, moved)
        if not all(moved.values()):  # a slider that only some choices need
            list(move_sliders(played, moved))
        played.box.screenshot(path=KEPT / f"{lesson.name}-played.png")
        assert all(moved.values()), moved


def test_a_picture_and_a_sentence_stay_when_the_kernel_restarts(lesson):
    lesson.restart_kernel()
    still = lesson.page.locator(".course-still").first
    still.scroll_into_view_if_needed()
    still.screenshot(path=KEPT / f"{lesson.name}-still.png")
    assert still.is_visible()
    assert still.locator("img").bounding_box()["width"] > 100
    assert "run this cell" in still.inner_text()
    assert not lesson.page.locator(".course-live").first.is_visible()


def test_the_console_stayed_free_of_errors(lesson):
    assert lesson.complaints == []
