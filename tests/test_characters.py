"""The drawn characters do as their factors say, and nothing else."""

import numpy as np
import pytest

from course_utils.data import characters, draw_character, load_characters
from course_utils.data.faces import EYE, IDENTITIES, MOUTH, middle, place
from course_utils.data.shapes import Canvas, ellipse, rounded_box

SIZE = 64
BOTH = pytest.mark.parametrize("identity", ["a", "b"])


def changed_pixels(identity, **ends):
    """Returns where the picture changes between two values of one factor."""
    low, high = draw_character(identity, ends, SIZE)
    return np.abs(high - low).max(axis=-1) > 0.02


def window(identity, point, half_width, half_height):
    """Returns which pixels lie around a point of the face that looks straight."""
    straight = np.zeros(1, "float32")
    x, y, *_ = place(IDENTITIES[identity], straight, straight, point)
    axis = (np.arange(SIZE) + 0.5) * 2 / SIZE - 1
    inside_x = np.abs(axis - x) < half_width
    return (np.abs(axis - y) < half_height)[:, None] & inside_x[None, :]


def test_the_same_seed_draws_the_same_pictures():
    first, second = (load_characters(6, 16, seed=3, n_test=4) for _ in range(2))
    for name in ("a", "b", "test_a", "test_b"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    other = load_characters(6, 16, seed=4, n_test=4)
    assert not np.array_equal(first.a, other.a)


def test_fewer_pictures_are_the_first_of_many():
    few, many = load_characters(3, 16, n_test=2), load_characters(40, 16, n_test=5)
    np.testing.assert_array_equal(few.a, many.a[:3])
    np.testing.assert_array_equal(few.test_b, many.test_b[:2])


def test_shapes_ranges_and_types():
    drawn = load_characters(40, 24, n_test=3)
    assert drawn.a.shape == drawn.b.shape == (40, 24, 24, 3)
    assert drawn.test_a.shape == drawn.test_b.shape == (3, 24, 24, 3)
    for pictures in (drawn.a, drawn.b, drawn.test_a, drawn.test_b):
        assert pictures.dtype == np.float32
        assert pictures.min() >= 0
        assert pictures.max() <= 1
    for name, values in drawn.factors_a.items():
        low, _, high = characters.FACTORS[name]
        assert values.shape == (40,)
        assert low <= values.min() < values.max() <= high


def test_training_poses_are_not_paired_and_test_poses_are():
    drawn = load_characters(20, 16, n_test=5)
    assert not np.any(drawn.factors_a["yaw"] == drawn.factors_b["yaw"])
    for identity in "ab":
        again = draw_character(identity, drawn.test_factors, 16)
        np.testing.assert_array_equal(getattr(drawn, f"test_{identity}"), again)


def test_a_picture_does_not_depend_on_its_neighbours():
    poses = characters.random_factors(70, seed=1)
    alone = {name: values[50] for name, values in poses.items()}
    np.testing.assert_array_equal(
        draw_character("b", poses, 16)[50], draw_character("b", alone, 16)[0]
    )


@BOTH
def test_the_mouth_changes_only_the_mouth(identity):
    for ends in ({"mouth": [0, 1]}, {"smile": [-1, 1]}):
        changed = changed_pixels(identity, **ends)
        assert changed.sum() > 300
        assert not np.any(changed & ~window(identity, MOUTH, 0.50, 0.40))


@BOTH
def test_blink_and_gaze_change_only_the_eyes(identity):
    left, right = ((side * EYE[0], *EYE[1:]) for side in (-1, 1))
    eyes = window(identity, left, 0.29, 0.32) | window(identity, right, 0.29, 0.32)
    for ends in ({"blink": [0, 1]}, {"gaze": [-1, 1]}):
        changed = changed_pixels(identity, **ends)
        assert changed.sum() > 250
        assert not np.any(changed & ~eyes)


@BOTH
def test_brightness_scales_every_pixel(identity):
    dim, bright = draw_character(identity, {"brightness": [0.7, 1.0]}, SIZE)
    np.testing.assert_allclose(dim, 0.7 * bright, atol=1e-6)


@BOTH
def test_closed_eyes_look_nowhere(identity):
    ends = draw_character(identity, {"gaze": [-1, 1], "blink": 1}, SIZE)
    np.testing.assert_allclose(ends[0], ends[1], atol=0.06)


@BOTH
def test_a_head_that_looks_straight_is_symmetric_but_for_the_glint(identity):
    picture = draw_character(identity, {"blink": 1}, SIZE)[0]
    different = np.abs(picture - picture[:, ::-1]).max(axis=-1) > 0.05
    assert different.mean() < 0.01


def test_both_characters_turn_the_same_way():
    yaw, pitch = np.float32([-20, 0, 20, 0]), np.float32([0, -10, 0, 10])
    for point in (EYE, MOUTH):
        seen = []
        for who in IDENTITIES.values():
            x, y, width, tall = place(who, yaw, pitch, point)
            middle_x, middle_y = middle(yaw, pitch)
            scaled = (x - middle_x) / who.head[0], (y - middle_y) / who.head[1]
            seen.append(np.stack([*scaled, width, tall]))
        np.testing.assert_allclose(seen[0], seen[1], atol=1e-6)
        assert seen[0][0, 0] < seen[0][0, 1] < seen[0][0, 2]


def test_the_characters_look_different():
    poses = characters.random_factors(20, seed=2)
    a, b = (draw_character(identity, poses, 24) for identity in "ab")
    assert np.mean((a - b) ** 2) > 0.04


def test_missing_factors_have_their_usual_value():
    usual = {name: value for name, (_, value, _) in characters.FACTORS.items()}
    np.testing.assert_array_equal(
        draw_character("a", {}, 16), draw_character("a", usual, 16)
    )


def test_an_ellipse_covers_its_area():
    canvas = Canvas(1, 200, (0, 0, 0))
    cover = canvas.coverage(ellipse(canvas.x, canvas.y, 0.7, 0.3))
    assert cover.sum() * (2 / 200) ** 2 == pytest.approx(np.pi * 0.21, rel=0.005)


def test_a_box_covers_its_area_and_paint_mixes_at_the_edge():
    canvas = Canvas(1, 100, (0, 0, 0))
    canvas.paint(rounded_box(canvas.x, canvas.y, 0.5, 0.25, 0.01), (1, 0.5, 0))
    area = canvas.pixels[:, 0].sum(axis=(1, 2)) * (2 / 100) ** 2
    np.testing.assert_allclose(area, [0.5, 0.25, 0], rtol=0.01)


@pytest.mark.parametrize(
    ("identity", "factors", "message"),
    [
        ("c", {}, "identity 'a' or 'b'"),
        ("a", {"roll": 3}, "roll"),
        ("a", {"yaw": 40}, "yaw from -20 to 20. Received: 40"),
        ("a", {"smile": float("nan")}, "smile"),
        ("a", {"yaw": [1, 2], "pitch": [1, 2, 3]}, "one length"),
    ],
)
def test_what_cannot_be_drawn_is_refused(identity, factors, message):
    with pytest.raises(ValueError, match=message):
        draw_character(identity, factors)


@pytest.mark.parametrize(
    "wrong", [{"n": 0}, {"size": 2}, {"seed": -1}, {"n_test": 1.5}]
)
def test_load_characters_refuses_wrong_sizes(wrong):
    with pytest.raises(ValueError, match=f"Expected {next(iter(wrong))}"):
        load_characters(**wrong)
