"""The pages that `grade` writes, in a real browser."""

import base64

from course_utils.grading import feedback, free_text
from tests.browser import axe
from tests.test_grading_pages import exercise, result, words
from tests.test_grading_reading import picture


def results():
    drawn = exercise("t", pictures=[base64.b64encode(picture()).decode()])
    return [result("=Jane", [drawn, words("because")]), result("</script>")]


def test_axe_finds_nothing_on_either_page(browser):
    context = browser.new_context(bypass_csp=True)  # or axe itself may not run
    for text in (feedback.page("Jane", results(), "Tiny"), free_text.page(results())):
        page = context.new_page()
        page.set_content(text)
        assert axe.findings(page, "html") == []
    context.close()


def test_marks_are_saved_from_the_keyboard_and_read_back(browser, tmp_path):
    """From a file, without a server, under the page's own security policy."""
    (tmp_path / "answers.html").write_text(free_text.page(results()))
    page = browser.new_page()
    page.goto((tmp_path / "answers.html").as_uri())
    for text in ("Tab", "1.5", "Tab", '=1, "x"', "Tab", "2", "Tab", "Tab"):
        page.keyboard.press("Tab") if text == "Tab" else page.keyboard.type(text)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    download.value.save_as(tmp_path / "marks.csv")
    page.close()
    assert free_text.read(tmp_path / "marks.csv") == {
        ("=Jane", "=Jane", "why"): (1.5, '=1, "x"'),
        ("</script>", "</script>", "why"): (2.0, "</script>"),
    }
