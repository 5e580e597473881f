"""Figures are drawn, can be read aloud, and refuse what is not a picture."""

import base64
import io

import numpy as np
import pytest
from matplotlib import image as mpl_image

from course_utils import plots


def pixels_of(figure):
    return mpl_image.imread(io.BytesIO(figure.png()))


def test_a_figure_needs_a_text_alternative():
    for alt in ("", "  ", None):
        with pytest.raises(ValueError, match="text alternative"):
            plots.figure(alt)


def test_a_figure_shows_itself_with_its_alternative():
    shown = plots.figure('a "quoted" <line>')[0]._repr_mimebundle_()
    assert shown["text/plain"] == 'Figure: a "quoted" <line>'
    assert 'alt="a &quot;quoted&quot; &lt;line&gt;"' in shown["text/html"]
    assert base64.b64decode(shown["image/png"]).startswith(b"\x89PNG")


def test_a_figure_is_drawn_the_same_twice():
    series = {"a": ([1, 2], [3, 4])}
    first, second = (
        plots.lines(series, alt="a line", x_label="x", y_label="y").png()
        for _ in range(2)
    )
    assert first == second


def test_tiles_stand_in_reading_order():
    numbers = np.arange(3.0).reshape(3, 1, 1) / 4
    expected = [[0, 0.25], [0.5, 0]]
    np.testing.assert_array_equal(plots.tile(numbers, columns=2), expected)


def test_tiles_keep_their_colours():
    assert plots.tile(np.ones((5, 4, 6, 3)), columns=3).shape == (8, 18, 3)


@pytest.mark.parametrize("shape", [(4, 28, 28), (4, 28, 28, 1), (4, 784)])
def test_grey_pictures_come_in_three_shapes(shape):
    assert plots.as_pictures(np.zeros(shape)).shape == (4, 28, 28)


@pytest.mark.parametrize("shape", [(28, 28), (4, 100), (4, 28, 28, 2), (4,)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="Received: shape"):
        plots.as_pictures(np.zeros(shape))


def test_pictures_are_clipped_not_stretched():
    values = np.array([[[-1.0, 0.5, 2.0]]])
    np.testing.assert_array_equal(plots.as_pictures(values), [[[0, 0.5, 1]]])


def test_rows_of_pictures_are_drawn_where_they_belong():
    white, black = np.ones((2, 8, 8)), np.zeros((2, 8, 8))
    rows = {"white": white, "black": black}
    drawn = pixels_of(plots.images(rows, alt="white above black"))[..., 0]
    height, width = drawn.shape
    assert drawn[height // 4, -width // 8] > 0.9
    assert drawn[3 * height // 4, -width // 8] < 0.1


def test_a_title_stands_above_every_column():
    figure = plots.images({"x": np.zeros((2, 8, 8))}, alt="x", titles=["one", "two"])
    assert [axis.get_title() for axis in figure.axes] == ["one", "two"]


def test_curves_differ_in_more_than_colour():
    series = {str(i): ([1, 2], [i, i]) for i in range(7)}
    figure = plots.lines(series, alt="seven", x_label="x", y_label="y")
    drawn = figure.axes[0].lines
    assert len({line.get_marker() for line in drawn}) == 7
    assert len({line.get_color() for line in drawn}) == 7


@pytest.mark.parametrize(("count", "beside"), [(2, False), (4, True), (7, True)])
def test_the_legend_of_many_curves_stands_beside_them(count, beside):
    series = {str(i): ([1, 2], [i, i]) for i in range(count)}
    figure = plots.lines(series, alt="many", x_label="x", y_label="y")
    (axis,) = figure.axes
    legend, inside = axis.get_legend().get_window_extent(), axis.get_window_extent()
    assert (legend.x0 >= inside.x1) == beside


def test_classes_are_named_where_they_lie():
    points = np.array([[0.0, 0], [1, 1], [5, 5]])
    figure = plots.scatter(points, [3, 3, 7], alt="two classes")
    names = {text.get_text(): text.get_position() for text in figure.axes[0].texts}
    assert names["3"] == (0.5, 0.5)
    assert names["7"] == (5.0, 5.0)


def test_bars_write_their_numbers():
    figure = plots.bars({"a": 1.5, "b": 20}, alt="bars", y_label="nats per image")
    assert {text.get_text() for text in figure.axes[0].texts} == {"1.5", "20"}
    assert figure.axes[0].get_xlabel() == "nats per image"
