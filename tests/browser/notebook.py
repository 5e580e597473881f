"""A notebook in the browser: what a student does with it, and sees of it."""

import time

SECONDS_TO_RUN = 600
# JupyterLab draws only the cells in view; we look at all of them.
ALL_IN_VIEW = ".jp-Cell { content-visibility: visible !important; }"
STATE = """() => {
  const panel = jupyterapp.shell.currentWidget;
  const codes = [...panel.content.model.cells].filter(cell => cell.type === "code");
  const outputs = codes.flatMap(cell => cell.outputs.toJSON());
  return {
    left: codes.filter(cell => cell.executionCount === null).length,
    status: panel.sessionContext.kernelDisplayStatus,
    errors: outputs.filter(o => o.output_type === "error" || o.name === "stderr")
      .map(o => o.text || o.evalue),
    pictures: outputs.filter(o => o.data && o.data["image/png"]).length,
    prints: outputs.filter(o => o.name === "stdout").map(o => o.text),
  }
}"""
DRAWN = """() => document.querySelectorAll(".jp-Notebook .jp-Cell").length ===
  jupyterapp.shell.currentWidget.content.model.cells.length"""
SCROLLS = """() => [...document.querySelectorAll("html, .jp-WindowedPanel-outer, " +
    ".jp-Notebook *")]
  .filter(e => e.scrollWidth > e.clientWidth + 1 && (e.tagName === "HTML" ||
    ["auto", "scroll"].includes(getComputedStyle(e).overflowX)))
  .map(e => `${e.scrollWidth} > ${e.clientWidth}: ` + e.outerHTML.slice(0, 200))"""
# To the next screen; false at the end of the last cell (JupyterLab adds empty room).
SCROLL_ON = """e => {
  const last = [...e.querySelectorAll(".jp-Cell")].pop().getBoundingClientRect();
  e.scrollTop += e.clientHeight;
  return last.bottom > e.getBoundingClientRect().bottom;
}"""


class Notebook:
    """A page of the browser with one notebook open in JupyterLab.

    Args:
        page: Playwright's `Page`, empty.
        address: String.
    """

    def __init__(self, page, address):
        self.page, self.complaints = page, []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(address)
        page.locator(".jp-Notebook").wait_for()
        page.wait_for_function(
            "() => jupyterapp.shell.currentWidget.sessionContext?.isReady"
        )
        page.add_style_tag(content=ALL_IN_VIEW)
        page.wait_for_function(DRAWN)

    def _heard(self, message):
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location['url']})")

    def state(self):
        """Returns what JupyterLab knows of the cells, a dict."""
        return self.page.evaluate(STATE)

    def menu(self, name, entry):
        """Chooses an entry of the menu bar, with the mouse.

        Args:
            name: String, the menu.
            entry: String, how the entry begins.
        """
        self.page.locator(".lm-MenuBar-itemLabel", has_text=name).first.click()
        self.page.locator(".lm-Menu-item", has_text=entry).first.click()

    def run_all(self):
        """Runs every cell, and waits for the last one.

        Raises:
            TimeoutError: If that takes longer than `SECONDS_TO_RUN`.
        """
        self.menu("Run", "Run All Cells")
        self.wait_until(lambda state: state["left"] == 0 or state["errors"])

    def wait_until(self, true):
        """Waits until the kernel is idle, and something holds of the `state()`."""
        end = time.monotonic() + SECONDS_TO_RUN
        while time.monotonic() < end:
            state = self.state()
            if true(state) and state["status"] == "idle":
                return
            self.page.wait_for_timeout(250)
        raise TimeoutError(f"Expected the cells to end. Received: {state}")

    def restart_kernel(self):
        """Restarts the kernel by the menu, and waits for the new one."""
        self.menu("Kernel", "Restart Kernel…")
        self.page.locator(".jp-Dialog .jp-mod-accept").click()
        self.page.wait_for_timeout(1000)
        self.wait_until(lambda state: True)

    def scrolls(self):
        """Returns what is wider than its place, a list of strings."""
        return self.page.evaluate(SCROLLS)

    def photograph(self, folder, name, height=2400):
        """Keeps what a student sees as PNG files, top to bottom.

        Args:
            folder: `Path`.
            name: String, how the files are called.
            height: Integer, pixels of a tall window.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.refuse_news()
        width = self.page.viewport_size["width"]
        self.page.set_viewport_size({"width": width, "height": height})
        scroller = self.page.locator(".jp-WindowedPanel-outer").first
        scroller.evaluate("e => { e.scrollTop = 0 }")
        for number in range(1, 20):
            self.page.wait_for_timeout(300)
            self.page.screenshot(path=folder / f"{name}-{number}.png")
            if not scroller.evaluate(SCROLL_ON):
                break
        self.page.set_viewport_size({"width": width, "height": 900})
        scroller.evaluate("e => { e.scrollTop = 0 }")

    def refuse_news(self):
        """Says no to JupyterLab's offer of news, which covers a corner."""
        offer = self.page.locator(".jp-toast-button", has_text="No")
        if offer.count():
            offer.first.click()
            offer.first.wait_for(state="detached")
