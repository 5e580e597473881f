"""Corruptions: what they change, what they leave, and that a seed repeats them."""

import numpy as np
import pytest

from course_utils import corruptions


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def grey(n=50):
    return np.full((n, 28, 28, 1), 0.5, "float32")


def test_noise_has_the_level_asked_for(rng):
    noisy = corruptions.add_noise(grey(), 0.1, rng)
    assert noisy.mean() == pytest.approx(0.5, abs=0.003)
    assert noisy.std() == pytest.approx(0.1, rel=0.02)
    assert noisy.dtype == np.float32


def test_noise_is_clipped_and_lifts_black_by_the_mean_of_half_a_gaussian(rng):
    noisy = corruptions.add_noise(np.zeros((50, 28, 28, 1)), 0.2, rng)
    assert noisy.min() == 0
    assert noisy.max() <= 1
    assert noisy.mean() == pytest.approx(0.2 / np.sqrt(2 * np.pi), rel=0.02)


def test_no_noise_changes_nothing_and_a_level_may_differ_by_picture(rng):
    levels = np.array([0, 0.05, 0.15])[:, None, None, None]
    noisy = corruptions.add_noise(grey(3), levels, rng)
    np.testing.assert_array_equal(noisy[0], 0.5)
    np.testing.assert_allclose(noisy.std(axis=(1, 2, 3)), levels.ravel(), rtol=0.1)


def test_noise_refuses_a_negative_level(rng):
    with pytest.raises(ValueError, match=r"Received: level=-0.1"):
        corruptions.add_noise(grey(), -0.1, rng)


def test_a_bar_hides_two_rows_and_every_row_can_be_hidden(rng):
    occluded, hidden = corruptions.occlude(grey(3000), rng)
    np.testing.assert_array_equal(hidden.sum(axis=(1, 2, 3)), 2 * 28)
    np.testing.assert_array_equal(occluded, np.where(hidden, 1, 0.5))
    starts = np.bincount(hidden[:, :, 0, 0].argmax(axis=1), minlength=28)
    assert starts[27] == 0
    assert starts[:27].min() > 0.6 * 3000 / 27
    assert hidden[:, 27].any()


def test_a_bar_on_rows_of_784_is_the_same_bar():
    pictures = np.random.default_rng(1).uniform(size=(20, 28, 28, 1))
    as_pictures = corruptions.occlude(pictures, np.random.default_rng(2))
    as_rows = corruptions.occlude(pictures.reshape(20, 784), np.random.default_rng(2))
    for picture, row in zip(as_pictures, as_rows, strict=True):
        np.testing.assert_array_equal(picture.reshape(20, 784), row)


def test_a_bar_as_high_as_the_picture_hides_all_of_it(rng):
    occluded, hidden = corruptions.occlude(grey(2), rng, thickness=28)
    assert hidden.all()
    assert (occluded == 1).all()


def test_rows_are_covered_where_it_is_said():
    occluded, hidden = corruptions.cover_rows(grey(3), [0, 13, 26])
    rows = [np.flatnonzero(mask[:, 0, 0]).tolist() for mask in hidden]
    assert rows == [[0, 1], [13, 14], [26, 27]]
    assert (occluded[0, :2] == 1).all()


@pytest.mark.parametrize("starts", [-1, 27])
def test_a_bar_must_not_leave_the_picture(starts):
    with pytest.raises(ValueError, match="Expected bars inside 28 rows"):
        corruptions.cover_rows(grey(), starts)


def test_bars_refuse_what_is_no_picture(rng):
    with pytest.raises(ValueError, match=r"Received: shape \(5, 100\)"):
        corruptions.occlude(np.zeros((5, 100)), rng)
    with pytest.raises(ValueError, match="Expected bars inside 28 rows"):
        corruptions.occlude(grey(), rng, thickness=29)


def test_damage_keeps_ink_darker_than_the_paper_around_it(rng):
    pages = np.ones((30, 64, 80, 1), "float32")
    pages[:, :, 40:44] = 0
    damaged = corruptions.damage_pages(pages, rng)
    assert damaged.shape == pages.shape
    assert damaged.min() >= 0
    assert damaged.max() <= 1
    ink, paper = damaged[:, :, 41:43], damaged[:, :, [36, 37, 46, 47]]
    assert (ink.mean(axis=(1, 2, 3)) < 0.7 * paper.mean(axis=(1, 2, 3))).all()


def test_damage_differs_by_page_and_within_a_page(rng):
    damaged = corruptions.damage_pages(np.ones((20, 64, 64, 1)), rng)
    assert damaged.mean(axis=(1, 2, 3)).std() > 0.05
    assert np.median(damaged.std(axis=(1, 2, 3))) > 0.05


@pytest.mark.parametrize(
    "layer", [corruptions.uneven_light, corruptions.stains, corruptions.creases]
)
def test_each_layer_of_damage_only_darkens(layer, rng):
    for _ in range(20):
        paper = layer((40, 50), rng)
        assert paper.shape == (40, 50)
        assert paper.min() > 0
        assert paper.max() <= 1 + 1e-9


def test_damage_refuses_what_is_no_page(rng):
    with pytest.raises(ValueError, match=r"Received: shape \(64, 64\)"):
        corruptions.damage_pages(np.ones((64, 64)), rng)


@pytest.mark.parametrize(
    "corrupt",
    [
        lambda x, rng: corruptions.add_noise(x, 0.3, rng),
        lambda x, rng: corruptions.occlude(x, rng)[0],
        corruptions.damage_pages,
    ],
)
def test_a_seed_repeats_the_damage_and_the_input_stays(corrupt):
    x = np.random.default_rng(3).uniform(size=(4, 28, 28, 1)).astype("float32")
    before = x.copy()
    first, again, other = (corrupt(x, np.random.default_rng(s)) for s in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)
    np.testing.assert_array_equal(x, before)
