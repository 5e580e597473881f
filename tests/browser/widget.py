"""One widget in the browser: moved as a student moves it, and timed."""

import io
from statistics import median

import numpy as np
from matplotlib import image as mpl_image

WATCH = """box => {
  const seen = window.courseSeen = {keys: [], pictures: [], blank: 0};
  if (!window.courseWatches) {
    window.courseWatches = true;
    const heard = () => window.courseSeen.keys.push(performance.now());
    addEventListener("keydown", heard, true);
  }
  window.courseObserver?.disconnect();
  window.courseObserver = new MutationObserver(() => requestAnimationFrame(async () => {
    const image = box.querySelector("img");
    if (!image.complete) seen.blank += 1;
    await image.decode();
    if (image.src !== seen.before) seen.pictures.push(performance.now());
  }));
  const shown = box.querySelector(".widget-html-content");
  window.courseObserver.observe(shown, {childList: true});
}"""
AGAIN = """box => Object.assign(window.courseSeen, {
  keys: [], pictures: [], before: box.querySelector("img").src})"""
BUSY = """() => {
  const session = jupyterapp.shell.currentWidget.sessionContext;
  return session.kernelDisplayStatus !== "idle";
}"""


class Widget:
    """An `Explorer` on a page.

    Args:
        box: Playwright's `Locator` of its `.course-live`.
    """

    def __init__(self, box):
        self.box, self.page = box, box.page
        self.sliders = box.locator("[role=slider]").all()
        self.lists = box.locator("select").all()
        self.picture = box.locator("img")

    def pixels(self):
        """Returns the picture as it is on the screen, without its text, an array."""
        shot = self.picture.screenshot(animations="disabled")
        return mpl_image.imread(io.BytesIO(shot))

    def differs(self, before):
        """Tells whether the picture shows other pixels than before."""
        after = self.pixels()
        return before.shape != after.shape or bool(np.any(before != after))

    def settle(self):
        """Waits until the kernel rests and the picture is the last one."""
        shown, busy = None, True
        while busy or shown != (shown := self.picture.get_attribute("src")):
            self.page.wait_for_timeout(300)
            busy = self.page.evaluate(BUSY)

    def drag(self, slider, share):
        """Drags a slider's handle with the mouse to a share of its track."""
        handle = slider.bounding_box()
        track = slider.locator("xpath=ancestor::*[contains(@class, 'noUi-target')]")
        whole = track.bounding_box()
        y = handle["y"] + handle["height"] / 2
        self.page.mouse.move(handle["x"] + handle["width"] / 2, y)
        self.page.mouse.down()
        self.page.mouse.move(whole["x"] + share * whole["width"], y, steps=5)
        self.page.mouse.up()
        self.settle()

    def press(self, slider, times):
        """Presses an arrow key on a slider, again and again, each time waiting.

        Args:
            slider: Playwright's `Locator`.
            times: Integer.

        Returns:
            List of floats, milliseconds from each press to its new picture (a press
            that changes no pixel brings none); and how many frames were empty.
        """
        self.box.evaluate(WATCH)
        slider.focus()
        taken = []
        for _ in range(times):
            now, top = (
                float(slider.get_attribute(f"aria-value{end}"))
                for end in ("now", "max")
            )
            self.box.evaluate(AGAIN)
            self.page.keyboard.press("ArrowRight" if now < top else "ArrowLeft")
            self.settle()
            seen = self.page.evaluate("courseSeen")
            if seen["pictures"]:
                taken.append(seen["pictures"][0] - seen["keys"][0])
        return taken, seen["blank"]


def table(rows):
    """Returns the latencies as a Markdown table.

    Args:
        rows: List of `(lesson, control, milliseconds)`.
    """
    lines = ["| lesson | control | median, ms | worst, ms |", "|---|---|---|---|"]
    for lesson, control, times in rows:
        if not times:
            continue
        lines.append(
            f"| {lesson} | {control} | {median(times):.0f} | {max(times):.0f} |"
        )
    return "\n".join(lines)
