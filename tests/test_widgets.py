"""Widgets redraw when a control moves, and leave a picture where there is no kernel."""

import base64
import re

import ipywidgets
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


def picture_in(shown):
    return base64.b64decode(re.search('base64,([^"]+)', shown)[1])


def test_moving_a_control_redraws_the_picture(explorer):
    before = explorer.picture.value
    explorer.controls["size"].value = 2
    assert explorer.picture.value != before
    assert picture_in(explorer.picture.value) == draw(2, "-").png()
    explorer.controls["style"].value = "--"
    assert picture_in(explorer.picture.value) == draw(2, "--").png()


def test_the_text_follows_the_picture(explorer):
    explorer.controls["size"].value = 3
    assert 'alt="a line of length 3' in explorer.picture.value
    assert ">a line of length 3, drawn as -</small>" in explorer.picture.value


def test_the_text_may_hold_any_sign():
    made = widgets.Explorer(lambda: plots.figure('x < "1" & y')[0])
    assert 'alt="x &lt; &quot;1&quot; &amp; y"' in made.picture.value
    assert ">x &lt; &quot;1&quot; &amp; y</small>" in made.picture.value


def test_a_picture_and_a_sentence_stand_before_the_widget(explorer):
    still, live = explorer.outputs()
    assert base64.b64decode(still["image/png"]) == draw(5).png()
    assert picture_in(still["text/html"]) == draw(5).png()
    assert 'alt="a line of length 5' in still["text/html"]
    assert widgets.STILL in still["text/html"]
    assert "a line of length 5" in still["text/plain"]
    # As ipywidgets 8 says it; 7.7, which Colab has, says it too, but not to us.
    assert live[widgets.VIEW] == explorer.box._repr_mimebundle_()[widgets.VIEW]


def test_ipywidgets_7_is_enough_to_show_the_controls(explorer, monkeypatch):
    monkeypatch.delattr(ipywidgets.Widget, "_repr_mimebundle_")
    assert explorer.outputs()[1][widgets.VIEW]["model_id"] == explorer.box.model_id


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
