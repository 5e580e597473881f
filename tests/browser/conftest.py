"""One JupyterLab and one browser for all tests; no test changes our notebooks."""

import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import server
from tests.browser.notebook import Notebook

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync")
OFFLINE = ("--disable-background-networking", "--disable-component-update")
PATIENCE = 120_000  # milliseconds: a shared machine may need them to import Keras
WINDOW = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def browser():
    """Returns the machine's own Chromium, or skips where there is none."""
    found = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if found is None:
        pytest.skip("Chromium is missing. On Debian: apt-get install chromium")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=found, args=[*QUIET, *OFFLINE])
        yield started
        started.close()


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    """Returns a running JupyterLab."""
    started = server.Lab(tmp_path_factory.mktemp("lab"))
    yield started
    started.stop()


@pytest.fixture(scope="session")
def open_notebook(browser, lab):
    """Returns a function that opens a notebook in a window of 1280 by 900 pixels."""
    context = browser.new_context(viewport=WINDOW)
    context.set_default_timeout(PATIENCE)

    def opened(address):
        return Notebook(context.new_page(), address)

    yield opened
    context.close()
