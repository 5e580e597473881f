"""Figures of the lessons: arrays in, a figure with a text alternative out.

Every function returns a `Figure`; a notebook cell that ends with it shows it.
Colours can be told apart by colour-blind readers, and never carry a claim alone.
"""

import base64
import html
import io

import numpy as np
from matplotlib import figure as mpl_figure
from matplotlib.backends.backend_agg import FigureCanvasAgg

DPI = 80
# Okabe & Ito, "Color Universal Design" (2008), for series;
SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
# Paul Tol, "Colour schemes" (2021), muted, and black, for ten classes.
CLASSES = (
    "#332288", "#88CCEE", "#44AA99", "#117733", "#999933",
    "#DDCC77", "#CC6677", "#882255", "#AA4499", "#000000",
)  # fmt: skip
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))


class Figure(mpl_figure.Figure):
    """A matplotlib figure that carries its own text alternative.

    Args:
        alt: String that says what the picture shows, for those who cannot see it.
        **options: Arguments of `matplotlib.figure.Figure`.

    Raises:
        ValueError: If `alt` is empty.
    """

    def __init__(self, alt, **options):
        if not isinstance(alt, str) or not alt.strip():
            raise ValueError(f"Expected alt, a text alternative. Received: {alt!r}")
        super().__init__(dpi=DPI, layout="constrained", **options)
        self.alt = alt
        FigureCanvasAgg(self)

    def png(self):
        """Returns the figure drawn as PNG, in bytes."""
        file = io.BytesIO()
        self.savefig(file, format="png", metadata={"Software": None})
        return file.getvalue()

    def base64(self):
        """Returns the figure drawn as PNG, in base64."""
        return base64.b64encode(self.png()).decode()

    def _repr_mimebundle_(self, include=None, exclude=None):
        encoded = self.base64()
        return {
            "text/plain": f"Figure: {self.alt}",
            "text/html": tag(encoded, self.alt),
            "image/png": encoded,
        }


def tag(encoded, alt, **attributes):
    """Returns a picture as a tag of HTML.

    Args:
        encoded: String, the picture as PNG in base64.
        alt: String, its text alternative.
        **attributes: Strings, further attributes of the tag.
    """
    pairs = {"alt": alt, "src": f"data:image/png;base64,{encoded}", **attributes}
    inside = " ".join(f'{key}="{html.escape(pairs[key])}"' for key in pairs)
    return f"<img {inside}>"


def figure(alt, rows=1, columns=1, size=(6, 3.6), **options):
    """Makes an empty figure with axes to draw on.

    Args:
        alt: String, the text alternative.
        rows: Integer, rows of axes.
        columns: Integer, columns of axes.
        size: Pair of floats, width and height in inches.
        **options: Arguments of `matplotlib.figure.Figure.subplots`.

    Returns:
        `(Figure, axes)`: axes is one `Axes`, or an array of them.
    """
    made = Figure(alt, figsize=size)
    axes = made.subplots(rows, columns, **options)
    for axis in np.ravel(axes):
        axis.spines[["top", "right"]].set_visible(False)
    return made, axes


def images(rows, *, alt, titles=None, scale=0.85):
    """Shows rows of pictures, each row with its name on the left.

    Args:
        rows: Dict from the name of a row to its pictures: array of shape
            `(n, height, width)`, `(n, height, width, 1)` or `(n, height, width, 3)`,
            in [0, 1]; or `(n, 784)`, which is shown as 28×28.
        alt: String, the text alternative.
        titles: List of n strings above the columns, or None.
        scale: Float, inches per picture.

    Returns:
        `Figure`.

    Raises:
        ValueError: If an array is not a row of pictures.
    """
    pictures = {name: as_pictures(row) for name, row in rows.items()}
    columns = max(len(row) for row in pictures.values())
    left = 0.085 * max(len(line) for name in rows for line in name.split("\n")) + 0.1
    size = (columns * scale + left, len(rows) * scale + (0.3 if titles else 0.05))
    made, axes = figure(alt, len(rows), columns, size, squeeze=False)
    for (name, row), line in zip(pictures.items(), axes, strict=True):
        for axis in line:
            axis.axis("off")
        for axis, picture in zip(line, row, strict=False):
            _show(axis, picture)
        line[0].text(
            -0.12, 0.5, name, transform=line[0].transAxes, ha="right", va="center"
        )
    for axis, title in zip(axes[0], titles or (), strict=False):
        axis.set_title(title, fontsize=9)
    return made


def image_grid(pictures, *, alt, columns=10, scale=0.5):
    """Shows pictures edge to edge, row by row.

    Args:
        pictures: Array as a row of `images` takes it.
        alt: String, the text alternative.
        columns: Integer.
        scale: Float, inches per picture.

    Returns:
        `Figure`.
    """
    sheet = tile(pictures, columns)
    size = (columns * scale, columns * scale * sheet.shape[0] / sheet.shape[1])
    made, axis = figure(alt, size=size)
    axis.axis("off")
    _show(axis, sheet)
    return made


def tile(pictures, columns):
    """Joins pictures into one sheet.

    Args:
        pictures: Array of shape `(n, height, width)` or `(n, height, width, 1 or 3)`.
        columns: Integer; the last row is filled up with zeros.

    Returns:
        Float array of shape `(rows * height, columns * width)`, or the same with
        three colours.
    """
    pictures = as_pictures(pictures)
    missing = -len(pictures) % columns
    pictures = np.pad(pictures, [(0, missing)] + [(0, 0)] * (pictures.ndim - 1))
    n, height, width, *colours = pictures.shape
    sheet = pictures.reshape(n // columns, columns, height, width, *colours)
    return sheet.swapaxes(1, 2).reshape(-1, columns * width, *colours)


def lines(series, *, alt, x_label, y_label, log_x=False, log_y=False, size=(6, 3.6)):
    """Draws curves, each with its own colour, marker and line.

    Args:
        series: Dict from a name to `(x, y)`, two sequences of numbers.
        alt: String, the text alternative.
        x_label: String with the unit.
        y_label: String with the unit.
        log_x: Boolean, whether the x axis is logarithmic.
        log_y: Boolean, whether the y axis is logarithmic.
        size: Pair of floats, in inches.

    Returns:
        `Figure`.
    """
    made, axis = figure(alt, size=size)
    for i, (name, (x, y)) in enumerate(series.items()):
        marker = MARKERS[i % len(MARKERS)] if len(x) <= 30 else None
        style = {"color": SERIES[i % len(SERIES)], "linestyle": LINES[i % len(LINES)]}
        axis.plot(x, y, label=name, marker=marker, markersize=5, **style)
    axis.set(xlabel=x_label, ylabel=y_label)
    axis.set_xscale("log" if log_x else "linear")
    axis.set_yscale("log" if log_y else "linear")
    if len(series) > 3:  # too many to fit between the curves
        axis.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    elif len(series) > 1:
        axis.legend(frameon=False)
    return made


def bars(values, *, alt, y_label, size=(6, 3)):
    """Draws named numbers as horizontal bars, the number written beside each.

    Args:
        values: Dict from a name to a number.
        alt: String, the text alternative.
        y_label: String, what is measured, with the unit.
        size: Pair of floats, in inches.

    Returns:
        `Figure`.
    """
    made, axis = figure(alt, size=size)
    drawn = axis.barh(list(values), list(values.values()), color=SERIES[0])
    axis.bar_label(drawn, fmt="%.3g", padding=3)
    axis.invert_yaxis()
    axis.set_xlabel(y_label)
    axis.margins(x=0.15)
    return made


def scatter(points, labels=None, *, alt, x_label="z[0]", y_label="z[1]", size=(5, 4.6)):
    """Draws points in the plane, coloured by class, the class written at its middle.

    Args:
        points: Float array of shape `(n, 2)`.
        labels: Integer array of shape `(n,)`, classes 0 to 9, or None.
        alt: String, the text alternative.
        x_label: String.
        y_label: String.
        size: Pair of floats, in inches.

    Returns:
        `Figure`.
    """
    points = np.asarray(points)
    made, axis = figure(alt, size=size)
    labels = np.zeros(len(points), int) if labels is None else np.asarray(labels)
    for label in np.unique(labels):
        mine = points[labels == label]
        axis.plot(*mine.T, ".", markersize=2, alpha=0.6, color=CLASSES[label % 10])
    for label in np.unique(labels) if len(np.unique(labels)) > 1 else ():
        middle = np.median(points[labels == label], axis=0)
        box = {"facecolor": "white", "edgecolor": CLASSES[label % 10], "pad": 1.5}
        axis.text(*middle, str(label), ha="center", va="center", bbox=box, fontsize=9)
    axis.set(xlabel=x_label, ylabel=y_label)
    return made


def as_pictures(values):
    """Returns pictures in a shape that can be shown.

    Args:
        values: Array or tensor of shape `(n, h, w)`, `(n, h, w, 1)`, `(n, h, w, 3)`
            or `(n, 784)`.

    Returns:
        Float array of shape `(n, h, w)` or `(n, h, w, 3)`, clipped to [0, 1].

    Raises:
        ValueError: If it is none of these.
    """
    values = np.asarray(values, "float32")
    if values.ndim == 2 and values.shape[1] == 784:
        values = values.reshape(-1, 28, 28)
    if values.ndim == 4 and values.shape[-1] == 1:
        values = values[..., 0]
    if values.ndim != 3 and not (values.ndim == 4 and values.shape[-1] == 3):
        raise ValueError(
            "Expected pictures of shape (n, height, width), with 1 or 3 colours, "
            f"or (n, 784). Received: shape {values.shape}"
        )
    return np.clip(values, 0, 1)


def _show(axis, picture):
    axis.set(xticks=[], yticks=[])  # even where they do not show, they take time
    axis.imshow(picture, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
