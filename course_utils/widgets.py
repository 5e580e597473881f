"""Figures to play with: controls above a picture that stays without a kernel."""

import base64

import ipywidgets

from course_utils import plots


class Explorer:
    """Shows a figure and redraws it when a control changes.

    In a running notebook the controls are live. Where there is no kernel (GitHub,
    nbviewer, a printed page) the figure of the starting values stands in their
    place, because it is stored beside the widget.

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
            control.style.description_width = "initial"
            control.observe(self._redraw, names="value")
        self.draw, self.controls = draw, controls
        self.figure = self._drawn()
        self.image = ipywidgets.Image(value=self.figure.png(), format="png")
        self.image.layout.max_width = "100%"
        self.alt = ipywidgets.HTML(self._described())
        self.box = ipywidgets.VBox([*controls.values(), self.image, self.alt])
        self.box.layout.align_items = "flex-start"  # the picture keeps its own size

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
        self.image.value = self.figure.png()
        self.alt.value = self._described()

    def _described(self):
        return f"<small>{self.figure.alt}</small>"

    def _repr_mimebundle_(self, include=None, exclude=None):
        live = self.box._repr_mimebundle_()
        view = "application/vnd.jupyter.widget-view+json"
        return {
            view: live[view],
            "image/png": base64.b64encode(self.figure.png()).decode(),
            "text/plain": f"Figure to play with: {self.figure.alt}",
        }


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
        layout=ipywidgets.Layout(width="36em"),
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
