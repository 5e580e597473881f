"""The face swap, its judge and its detector do what their docstrings say."""

import keras
import numpy as np
import pytest

from course_utils import autodiff, losses, training
from course_utils.data import draw_character, load_characters
from course_utils.data.characters import random_factors
from course_utils.models.face_swap import (
    FaceSwap,
    WatchSwap,
    code_distance,
    face_decoder,
    face_encoder,
    random_warp,
)
from course_utils.models.fake_detector import fake_detector, saliency
from course_utils.models.pose_judge import PoseJudge, r2_scores, sample


def ramp(size=16):
    """Pictures whose colours are their row and column."""
    rows, columns = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    return np.stack([rows, columns], axis=-1)[None].astype("float32")


def test_encoder_and_decoder_fit_together():
    for size, channels in ((48, 3), (64, 1)):
        encoder = face_encoder(size, channels, code=32)
        decoder = face_decoder(size, channels)
        x = np.zeros((2, size, size, channels), "float32")
        assert encoder(x).shape == (2, size // 8, size // 8, 64)
        assert decoder(encoder(x)).shape == x.shape


def test_the_two_faces_share_an_encoder_unless_told_not_to():
    shared, apart = FaceSwap(code=8), FaceSwap(code=8, shared=False)
    assert shared.encoder_a is shared.encoder_b
    assert apart.encoder_a is not apart.encoder_b
    assert shared.decoder_a is not shared.decoder_b


def test_each_decoder_draws_its_own_face_and_the_swap_crosses_them():
    model = FaceSwap(size=16, code=8)
    pair = np.random.default_rng(0).random((5, 2, 16, 16, 3), dtype="float32")
    copies = np.asarray(model(pair))
    a, b = pair[:, 0], pair[:, 1]
    expected = model.decoder_a(model.encoder_a(a)), model.decoder_b(model.encoder_b(b))
    np.testing.assert_allclose(copies[:, 0], expected[0], atol=1e-6)
    np.testing.assert_allclose(copies[:, 1], expected[1], atol=1e-6)
    np.testing.assert_allclose(model.b_to_b(b), expected[1], atol=1e-6)
    crossed = model.decoder_b(model.encoder_a(a))
    np.testing.assert_allclose(model.a_to_b(a), crossed, atol=1e-6)


def test_inputs_are_bent_only_in_training():
    model = FaceSwap(size=16, code=8, warp=2.0)
    pair = np.random.default_rng(0).random((2, 2, 16, 16, 3), dtype="float32")
    straight, again = np.asarray(model(pair)), np.asarray(model(pair))
    np.testing.assert_array_equal(straight, again)
    assert np.abs(np.asarray(model(pair, training=True)) - straight).max() > 1e-6


def test_no_warp_leaves_pictures_as_they_are():
    x = np.random.default_rng(0).random((3, 16, 16, 3), dtype="float32")
    np.testing.assert_allclose(random_warp(x, amount=0.0, seed=0), x, atol=2e-3)


def test_a_warp_moves_points_smoothly_by_about_its_amount():
    x = np.repeat(ramp(48), 200, axis=0)
    shifts = np.asarray(random_warp(x, amount=1.5, seed=0)) - x
    middle = shifts[:, 8:-8, 8:-8]
    assert 0.8 < middle.std() < 1.5  # between the points of the grid it is less
    assert np.abs(np.diff(middle, axis=1)).max() < 1.5
    assert not np.allclose(shifts[0], shifts[1])


def test_code_distance_is_zero_for_equal_moments_and_worked_by_hand():
    z = np.float32([[1, 0], [-1, 0]])
    assert float(code_distance(z, z[::-1])) == pytest.approx(0)
    # Means differ by 2 in both coordinates, spreads (1, 0) are equal: 4 / (2 / 2).
    assert float(code_distance(z, z + 2)) == pytest.approx(4, rel=0.01)


def test_code_distance_has_a_slope_where_a_unit_is_always_off():
    z = np.zeros((4, 3), "float32")
    slope = autodiff.gradient(lambda x: code_distance(x, z), z + 0.0)
    assert np.all(np.isfinite(slope))


def test_the_watch_scores_every_epoch():
    drawn = load_characters(16, 16, n_test=8)
    pairs = np.stack([drawn.a, drawn.b], axis=1)
    model, watch = FaceSwap(size=16, code=8), WatchSwap(drawn.test_a, drawn.test_b)
    options = {"epochs": 3, "batch_size": 8, "verbose": False, "callbacks": [watch]}
    training.fit(model, pairs, pairs, loss=losses.squared_error, **options)
    assert len(watch.swapped) == len(watch.copied) == 3
    error = np.mean((model.a_to_b(drawn.test_a) - drawn.test_b) ** 2, axis=(1, 2, 3))
    assert watch.swapped[-1] == pytest.approx(np.mean(-10 * np.log10(error)), abs=1e-4)


@pytest.mark.parametrize("identity", ["a", "b"])
def test_the_judge_reads_what_was_drawn(identity):
    known, new = random_factors(1200, seed=1), random_factors(150, seed=2)
    judge = PoseJudge(identity, draw_character(identity, known, 48), known)
    scores = r2_scores(judge.read(draw_character(identity, new, 48)), new)
    assert min(scores.values()) > 0.8
    assert min(scores[name] for name in ("yaw", "pitch", "blink", "brightness")) > 0.97


def test_the_judge_finds_no_pose_in_noise():
    known, new = random_factors(600, seed=1), random_factors(100, seed=2)
    judge = PoseJudge("b", draw_character("b", known, 24), known)
    noise = np.random.default_rng(0).random((100, 24, 24, 3), dtype="float32")
    assert max(r2_scores(judge.read(noise), new).values()) < 0.1


def test_r2_is_one_for_the_truth_and_zero_for_the_mean():
    true = random_factors(200, seed=0)
    assert set(r2_scores(true, true).values()) == {1.0}
    seen = true["blink"] < 0.6
    flat = {
        name: np.full(200, values[seen].mean() if name == "gaze" else values.mean())
        for name, values in true.items()
    }
    np.testing.assert_allclose(list(r2_scores(flat, true).values()), 0, atol=1e-5)


def test_sampling_a_ramp_gives_its_coordinates():
    x = np.array([[[-0.5, 0.0, 0.25]]])
    y = np.array([[[0.5, -0.25, 0.0]]])
    colours = sample(ramp(), x, y)[0, 0]
    np.testing.assert_allclose(colours[:, 0], (y[0, 0] + 1) * 8 - 0.5)
    np.testing.assert_allclose(colours[:, 1], (x[0, 0] + 1) * 8 - 0.5)


def test_saliency_finds_the_pixels_that_count():
    weights = np.zeros((8, 8, 3), "float32")
    weights[2, 3], weights[5, 6, 1] = -2.0, 1.0
    inputs = keras.Input((8, 8, 3))
    total = keras.ops.sum(inputs * weights, axis=(1, 2, 3))
    model = keras.Model(inputs, keras.ops.reshape(total, (-1, 1)))
    seen = saliency(model, np.ones((4, 8, 8, 3), "float32"))
    expected = np.zeros((4, 8, 8))
    expected[:, 2, 3], expected[:, 5, 6] = 1.0, 0.5
    np.testing.assert_allclose(seen, expected, atol=1e-6)


def test_the_detector_gives_a_logit_per_picture():
    assert fake_detector(16)(np.zeros((3, 16, 16, 3), "float32")).shape == (3, 1)
