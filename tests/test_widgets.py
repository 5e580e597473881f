"""Widgets redraw when a control moves, and leave a picture where there is no kernel."""

import base64

import pytest

from course_utils import plots, widgets


def draw(size, style="-"):
    figure, axis = plots.figure(f"a line of length {size}, drawn as {style}")
    axis.plot([0, size], [0, 1], style)
    return figure


@pytest.fixture
def explorer():
    return widgets.Explorer(
        draw,
        size=widgets.slider("length", 1, 9),
        style=widgets.choice("style", {"solid": "-", "dashed": "--"}),
    )


def test_moving_a_control_redraws_the_picture(explorer):
    before = explorer.image.value
    explorer.controls["size"].value = 2
    assert explorer.image.value != before
    assert explorer.image.value == draw(2, "-").png()
    explorer.controls["style"].value = "--"
    assert explorer.image.value == draw(2, "--").png()


def test_the_text_follows_the_picture(explorer):
    explorer.controls["size"].value = 3
    assert "length 3" in explorer.alt.value


def test_the_picture_stands_beside_the_widget(explorer):
    shown = explorer._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert base64.b64decode(shown["image/png"]) == explorer.image.value
    assert "a line of length 5" in shown["text/plain"]


def test_every_control_needs_a_label():
    with pytest.raises(ValueError, match="none on size"):
        widgets.Explorer(draw, size=widgets.slider("", 1, 9))


def test_draw_must_return_a_figure():
    with pytest.raises(TypeError, match="Received: str"):
        widgets.Explorer(lambda size: "picture", size=widgets.slider("size", 1, 9))


def test_sliders_start_in_the_middle_and_count_in_what_they_are_given():
    whole, real = widgets.slider("a", 0, 9), widgets.slider("b", -1.0, 1.0)
    assert (whole.value, whole.step) == (4, 1)
    assert (real.value, real.step) == (0.0, 0.02)


def test_a_choice_starts_where_it_is_told():
    assert widgets.choice("digit", [3, 5, 7], value=5).value == 5
    assert widgets.choice("digit", [3, 5, 7]).value == 3
