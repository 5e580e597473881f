"""The face swap, its judge and its detector do what their docstrings say."""

import keras
import numpy as np
import pytest

from course_utils import losses, training
from course_utils.data import draw_character, load_characters
from course_utils.data.characters import random_factors
from course_utils.models.face_swap import (
    GAIN,
    FaceSwap,
    WatchSwap,
    disguise,
    face_decoder,
    face_encoder,
    without_identity,
)
from course_utils.models.fake_detector import fake_detector, saliency
from course_utils.models.pose_judge import PoseJudge, r2_scores, sample
from course_utils.models.random_warp import random_warp

MEANS = np.zeros((16, 16, 3)), np.full((16, 16, 3), 0.5)


def ramp(size=16):
    """Pictures whose colours are their row and column."""
    rows, columns = np.meshgrid(np.arange(size), np.arange(size), indexing="ij")
    return np.stack([rows, columns], axis=-1)[None].astype("float32")


def some_pairs(n=5):
    return np.random.default_rng(0).random((n, 2, 16, 16, 3), dtype="float32")


def test_encoder_and_decoder_fit_together():
    for shape in ((48, 48, 3), (32, 24, 1)):
        encoder, decoder = face_encoder(shape, code=8), face_decoder(shape)
        x = np.zeros((2, *shape), "float32")
        assert encoder.get_layer("bottleneck").output.shape == (None, 8)
        assert encoder(x).shape == (2, 512)
        assert decoder(encoder(x)).shape == x.shape


def test_the_two_faces_share_an_encoder_unless_told_not_to():
    shared, apart = FaceSwap(*MEANS, code=8), FaceSwap(*MEANS, code=8, shared=False)
    assert shared.encoder_a is shared.encoder_b
    assert apart.encoder_a is not apart.encoder_b
    assert shared.decoder_a is not shared.decoder_b


def test_without_identity_everybody_has_a_black_mean():
    rng = np.random.default_rng(0)
    people = [level + rng.random((n, 4, 4, 1)) for level, n in ((0.0, 3), (5.0, 7))]
    left = without_identity(people)
    np.testing.assert_allclose(left[:3].mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(left[3:].mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(left[4] - left[3], people[1][1] - people[1][0])


def test_a_swap_that_learned_from_others_draws_on_the_mean_of_its_own_face():
    black = np.zeros((16, 16, 3))
    first, own = (
        FaceSwap(black, black, code=8, seed=1),
        FaceSwap(*MEANS, code=8, seed=2),
    )
    own.set_weights(first.get_weights())
    pictures = some_pairs()[:, 0]
    z = first.encode_a(without_identity([pictures]))
    expected = first.draw_b(z) + MEANS[1]
    got = own.draw_b(own.encode_a(pictures - pictures.mean(axis=0)))
    np.testing.assert_allclose(got, expected, atol=1e-6)


def test_each_decoder_draws_its_own_face_and_the_swap_crosses_them():
    model, pairs = FaceSwap(*MEANS, code=8), some_pairs()
    copies = np.asarray(model(pairs))
    a, b = pairs[:, 0], pairs[:, 1]
    z_a, z_b = (
        model.encoder_a(GAIN * (x - mean).mean(axis=-1, keepdims=True))
        for x, mean in ((a, 0.0), (b, 0.5))
    )
    np.testing.assert_allclose(copies[:, 0], model.decoder_a(z_a), atol=1e-6)
    np.testing.assert_allclose(copies[:, 1], model.decoder_b(z_b) + 0.5, atol=1e-6)
    np.testing.assert_allclose(model.b_to_b(b), np.clip(copies[:, 1], 0, 1), atol=1e-6)
    crossed = np.clip(model.decoder_b(z_a) + 0.5, 0, 1)
    np.testing.assert_allclose(model.a_to_b(a), crossed, atol=1e-6)


def test_a_disguise_hides_colours_and_the_mean_and_keeps_the_difference():
    x = np.tile(np.float32([0.2, 0.5, 0.8]), (2, 4, 4, 1))
    x[1] += 0.1
    seen = np.asarray(disguise(x, x[0]))
    np.testing.assert_allclose(seen[0], 0, atol=1e-6)
    np.testing.assert_allclose(seen[1], 0.1 * GAIN, atol=1e-6)
    swapped = np.asarray(disguise(x[..., ::-1], x[0, ..., ::-1]))
    np.testing.assert_allclose(swapped, seen, atol=1e-6)


def test_without_disguise_the_encoder_sees_the_picture_itself():
    model, pairs = FaceSwap(*MEANS, code=8, disguise=False), some_pairs()
    z = model.encoder_b(pairs[:, 1])
    np.testing.assert_allclose(model.encode_b(pairs[:, 1]), z, atol=1e-6)


def test_inputs_are_bent_only_in_training():
    model, pair = FaceSwap(*MEANS, code=8, warp=2.0), some_pairs(2)
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


def test_the_watch_scores_every_epoch():
    drawn = load_characters(16, 16, n_test=8)
    pairs = np.stack([drawn.a, drawn.b], axis=1)
    model, watch = FaceSwap(*MEANS, code=8), WatchSwap(drawn.test_a, drawn.test_b)
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
