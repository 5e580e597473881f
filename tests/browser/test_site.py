"""The pages for those who only read, as `make site` left them in build/site."""

import functools
import http.server
import itertools
import threading

import pytest

from tests.browser import axe
from tests.browser.server import KEPT, ROOT

SITE = ROOT / "build" / "site"
WINDOWS = {"phone": (390, 844), "desktop": (1280, 900)}
PAGES = ["index", "instructors"]
PAGES += [f"lessons/{p.stem}" for p in sorted((ROOT / "notebooks").glob("*.ipynb"))]
HARMLESS = {"empty-table-header"}  # the corner of a table has nothing to say
WIDE = """() => document.documentElement.scrollWidth -
  document.documentElement.clientWidth"""
IMAGES = """() => [...document.images].filter(i => !i.naturalWidth || !i.alt.trim())
  .map(i => i.outerHTML.slice(0, 200))"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and prints nothing."""

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def address():
    """Returns where the site is served."""
    assert SITE.is_dir(), "run `make site` first"
    serve = functools.partial(Quiet, directory=SITE)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(params=itertools.product(WINDOWS, ("light", "dark")), ids="-".join)
def page(request, browser):
    """Returns an empty page: a phone's or a desktop's, light or dark."""
    window, colours = request.param
    width, height = WINDOWS[window]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=colours
    )
    opened = context.new_page()
    opened.name, opened.complaints = f"{window}-{colours}", []
    opened.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.on("requestfailed", lambda asked: opened.complaints.append(asked.url))
    yield opened
    context.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole(path, page, address):
    page.goto(f"{address}/{path}.html")
    KEPT.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=KEPT / f"site-{path.split('/')[-1]}-{page.name}.png")
    assert page.evaluate(WIDE) <= 0
    assert page.evaluate(IMAGES) == []
    assert page.complaints == []
    if page.name == "phone-light" or path == "index":  # it takes seconds, and the
        found = axe.findings(page, "article")  # colours are the same on all pages
        assert [one for one in found if one["rule"] not in HARMLESS] == []


def test_dark_pages_are_dark(page, address):
    page.goto(f"{address}/index.html")
    colour = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    light = sum(int(part) for part in colour.strip("rgb()").split(","))
    assert (light < 300) == page.name.endswith("dark")


def test_the_search_finds_lessons(page, address):
    page.goto(f"{address}/search.html?q=bottleneck")
    found = page.locator("#search-results li a")
    found.first.wait_for()
    assert any("04_dense" in link.get_attribute("href") for link in found.all())


def test_a_widget_is_a_picture_with_a_sentence(page, address):
    page.goto(f"{address}/lessons/04_dense_bottleneck.html")
    sentence = page.get_by_text("In a running notebook this figure has controls").first
    sentence.scroll_into_view_if_needed()
    assert sentence.is_visible()
