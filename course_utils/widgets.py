"""Figures to play with: controls above a picture that stays without a kernel."""

import html

import ipywidgets
from IPython.display import display

from course_utils import plots

VIEW = "application/vnd.jupyter.widget-view+json"
STILL = "Still picture: run this cell, and controls to play with appear here."
# The still picture goes where controls live, and where they died they go instead:
# JupyterLab would show a broken chain, or "Error displaying widget". Google Colab gives
# each cell's outputs a page of their own, without JupyterLab's classes.
STYLE = """<style>
.jp-OutputArea:has(.course-live:not(.jupyter-widgets-disconnected)) .course-still,
body:not(:has(.jp-OutputArea)):has(.course-live) .course-still,
.jp-OutputArea:has(.course-still) .jp-OutputArea-output.jupyter-widgets,
.course-live.jupyter-widgets-disconnected { display: none; }
</style>"""
# ipywidgets gives its sliders no name that can be read aloud; the picture brings it,
# and has its own text read when it changes. ipywidgets 7 has other sliders.
READ_ALOUD = (
    "this.parentElement.ariaLive = 'polite';"
    "this.closest('.course-live').querySelectorAll('.widget-slider').forEach(s => "
    "s.querySelector('[role=slider]')?.setAttribute("
    "'aria-label', s.querySelector('label').innerText))"
)


class Explorer:
    """Shows a figure and redraws it when a control changes.

    In a running notebook the controls are live. Where there is no kernel (GitHub,
    nbviewer, a printed page, after a restart) the figure of the starting values and
    a sentence stand in their place.

    Args:
        draw: Function that takes the values of the controls by name and returns a
            `plots.Figure`. It should take less than 0.2 seconds.
        **controls: ipywidgets controls by the name of the argument they set. Each
            needs a `description`: it is the label that is read aloud.

    Raises:
        ValueError: If a control has no description.
        TypeError: If `draw` does not return a `plots.Figure`.
    """

    def __init__(self, draw, **controls):
        for name, control in controls.items():
            if not control.description:
                raise ValueError(
                    f"Expected a description on every control. Received: none on {name}"
                )
            control.tooltip = control.description  # ipywidgets would show "null"
            control.observe(self._redraw, names="value")
        longest = max((len(c.description) for c in controls.values()), default=0)
        for control in controls.values():
            control.style.description_width = f"{longest}ch"  # tracks of one length
        self.draw, self.controls = draw, controls
        self.figure = self._drawn()
        self.picture = ipywidgets.HTML(self._shown())
        self.box = ipywidgets.VBox([*controls.values(), self.picture])
        self.box.add_class("course-live")

    def values(self):
        """Returns the values of the controls, a dict by name."""
        return {name: control.value for name, control in self.controls.items()}

    def _drawn(self):
        figure = self.draw(**self.values())
        if not isinstance(figure, plots.Figure):
            raise TypeError(
                "Expected a draw function that returns a plots.Figure. "
                f"Received: {type(figure).__name__}"
            )
        return figure

    def _redraw(self, change):
        self.figure = self._drawn()
        self.picture.value = self._shown()

    def _shown(self):
        image = plots.tag(
            self.figure.base64(),
            self.figure.alt,
            decoding="sync",
            onload=READ_ALOUD,
            style="max-width: 100%",
        )
        text = html.escape(self.figure.alt)
        return f'{image}<br><small aria-hidden="true">{text}</small>'

    def outputs(self):
        """Returns the two outputs of a cell, dicts by type: the still, the live."""
        encoded = self.figure.base64()
        picture = {
            "text/html": still(encoded, self.figure.alt),
            "image/png": encoded,
            "text/plain": f"Figure to play with: {self.figure.alt}",
        }
        view = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        return picture, {VIEW: view}

    def _ipython_display_(self):
        for output in self.outputs():
            display(output, raw=True)


def still(encoded, alt):
    """Makes what stands in a widget's place where no kernel moves it.

    Args:
        encoded: String, the picture as PNG in base64.
        alt: String, its text alternative.

    Returns:
        String, HTML with the picture, its text, and how to make it move.
    """
    image = plots.tag(encoded, alt)
    text = f"{html.escape(alt)}<br><em>{STILL}</em>"
    return f'{STYLE}<div class="course-still">{image}<br><small>{text}</small></div>'


def slider(description, low, high, value=None, step=None):
    """Makes a slider that redraws while it moves.

    Args:
        description: String, its label.
        low: Number, the smallest value; integers make an integer slider.
        high: Number, the largest value.
        value: Number to start with, by default the middle.
        step: Number, by default 1 or a hundredth of the range.

    Returns:
        `ipywidgets.IntSlider` or `ipywidgets.FloatSlider`.
    """
    whole = isinstance(low, int) and isinstance(high, int)
    kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    middle = (low + high) // 2 if whole else (low + high) / 2
    return kind(
        description=description,
        min=low,
        max=high,
        value=middle if value is None else value,
        step=step or (1 if whole else (high - low) / 100),
        layout=ipywidgets.Layout(width="44em", max_width="100%"),
    )


def choice(description, options, value=None):
    """Makes a drop-down list.

    Args:
        description: String, its label.
        options: List of values, or dict from a text to a value.
        value: The value to start with, by default the first.

    Returns:
        `ipywidgets.Dropdown`.
    """
    pairs = list(options.items()) if isinstance(options, dict) else list(options)
    control = ipywidgets.Dropdown(description=description, options=pairs)
    if value is not None:
        control.value = value
    return control
