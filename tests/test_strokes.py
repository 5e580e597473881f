"""The embedded handwriting: deterministic, truthful factors, laid out as MNIST."""

import numpy as np
import pytest
from scipy import ndimage

from course_utils.data import load_strokes, strokes
from course_utils.data.catalogue import catalogue
from course_utils.data.curves import make_family, read_families
from course_utils.data.handwriting import draw_block
from course_utils.data.skeletons import SKELETONS

# The first pictures of seed 0, as they were when VERSION was last raised.
LABELS = [6, 2, 0, 0, 8, 9, 6, 7, 5, 9, 8, 0]
INK = [
    22172,
    30252,
    39073,
    34610,
    33592,
    11385,
    23732,
    18922,
    40337,
    24636,
    36676,
    45235,
]
TOTAL = 27542876


@pytest.fixture(scope="module")
def block():
    """3,000 digits as floats (n, 28, 28), with their factors."""
    drawn = [draw_block(seed=0, split=0, block=k) for k in range(3)]
    pixels = np.concatenate([pixels for pixels, _ in drawn])
    factors = {c: np.concatenate([f[c] for _, f in drawn]) for c in drawn[0][1]}
    return pixels.astype("float32") / 255, factors


def moments(x):
    """Returns centre (x, y) and second moments (xx, xy, yy) of each picture's ink."""
    along = np.arange(28)
    mass = x.sum(axis=(1, 2))
    cx = x.sum(axis=1) @ along / mass
    cy = x.sum(axis=2) @ along / mass
    dx = along[None, None, :] - cx[:, None, None]
    dy = along[None, :, None] - cy[:, None, None]
    products = (dx * dx, dx * dy, dy * dy)
    return cx, cy, [(x * p).sum(axis=(1, 2)) / mass for p in products]


def within_digits(values, label):
    """Takes each digit's mean away, so that digits of different shape compare."""
    means = np.array([values[label == digit].mean() for digit in range(10)])
    return values - means[label]


def test_strokes_are_laid_out_as_the_docstring_says(cache):
    drawn = load_strokes(50, 20)
    assert drawn.x_train.shape == (50, 28, 28, 1)
    assert drawn.x_test.shape == (20, 28, 28, 1)
    assert drawn.x_train.dtype == np.float32
    assert drawn.y_train.dtype == np.int64
    assert drawn.x_train.min() == 0
    assert 0.9 < drawn.x_train.max() <= 1
    assert {len(v) for v in drawn.factors_train.values()} == {50}
    np.testing.assert_array_equal(drawn.y_train, drawn.factors_train["label"])


def holes_of(digit):
    """Returns how many loops each variant of a digit has."""
    known = catalogue()
    first, last = [*known.first, len(known.count)][digit : digit + 2]
    return np.repeat(known.holes[first:last], known.count[first:last])


def test_every_digit_comes_about_equally_often(block):
    counts = np.bincount(block[1]["label"], minlength=10)
    assert counts.min() > 240
    assert counts.max() < 360


def test_the_same_seed_draws_the_same_digits_on_every_platform():
    """Ink of the first pictures, as stored; a last bit may flip a few grey levels."""
    pixels, factors = draw_block(seed=0, split=0, block=0)
    again, _ = draw_block(seed=0, split=0, block=0)
    np.testing.assert_array_equal(pixels, again)
    np.testing.assert_array_equal(factors["label"][:12], LABELS)
    ink = pixels[:12].astype(int).sum(axis=(1, 2))
    np.testing.assert_allclose(ink, INK, atol=10)
    assert abs(int(pixels.astype(int).sum()) - TOTAL) < 2000


def test_asking_for_fewer_gives_the_same_first_digits(cache):
    few = load_strokes(30, 10, seed=5)
    many = load_strokes(1030, 1010, seed=5)
    np.testing.assert_array_equal(few.x_train, many.x_train[:30])
    np.testing.assert_array_equal(few.x_test, many.x_test[:10])
    np.testing.assert_array_equal(
        few.factors_train["slant"], many.factors_train["slant"][:30]
    )


def test_splits_seeds_and_blocks_share_no_digit():
    drawn = [
        draw_block(*key)[0] for key in ((0, 0, 0), (0, 1, 0), (1, 0, 0), (0, 0, 1))
    ]
    flat = np.concatenate(drawn).reshape(4000, -1)
    assert len(np.unique(flat, axis=0)) == 4000


def test_slant_is_the_lean_by_moments(block):
    x, factors = block
    _, _, (_, xy, yy) = moments(x)
    lean = np.degrees(np.arctan(-xy / yy))
    assert np.corrcoef(lean, factors["slant"])[0, 1] > 0.95
    assert np.median(np.abs(lean - factors["slant"])) < 3


def test_thickness_is_the_width_of_the_pen(block):
    """The ink across a plain upright stroke is its width."""
    x, factors = block
    ink = within_digits(x.mean(axis=(1, 2)), factors["label"])
    thickness = within_digits(factors["thickness"], factors["label"])
    assert np.corrcoef(ink, thickness)[0, 1] > 0.8
    plain = (factors["label"] == 1) & (factors["variant"] < 4)
    rows = x[plain][:, 12:16].sum(axis=2).mean(axis=1)
    across = rows * np.cos(np.radians(factors["slant"][plain]))
    assert np.corrcoef(across, factors["thickness"][plain])[0, 1] > 0.9
    assert np.median(across / factors["thickness"][plain]) == pytest.approx(1, abs=0.1)


def test_aspect_makes_digits_wider(block):
    x, factors = block
    _, _, (xx, xy, yy) = moments(x)
    zeros = factors["label"] == 0
    width = np.sqrt((xx - xy**2 / yy) / yy)[zeros]
    assert np.corrcoef(width, factors["aspect"][zeros])[0, 1] > 0.6


def test_ink_fits_the_box_of_20_pixels(block):
    drawn = block[0] > 0
    for axis in (1, 2):
        assert drawn.any(axis=axis).sum(axis=1).max() <= 20


def test_digits_are_centred_by_mass_as_mnist_is(block):
    cx, cy, _ = moments(block[0])
    for centre in (cx, cy):
        assert np.quantile(np.abs(centre - 14), 0.995) <= 0.51
        assert np.abs(centre - 14).max() < 1.5  # some would leave the picture


def test_thick_strokes_leave_loops_open(block):
    """A hole is paper, less than half inked, that the outside cannot reach."""
    x, factors = block
    for digit in (0, 6, 8, 9):
        chosen = factors["label"] == digit
        paper = np.pad(x[chosen] < 0.5, ((0, 0), (1, 1), (1, 1)), constant_values=True)
        holes = np.array([ndimage.label(p)[1] - 1 for p in paper])
        expected = holes_of(digit)[factors["variant"][chosen]]
        assert np.mean(holes >= expected) >= 0.97, digit


def test_every_skeleton_is_well_formed():
    assert list(SKELETONS) == list(range(10))
    for text in SKELETONS.values():
        for share, family in read_families(text):
            assert share > 0
            assert family.starts.sum(axis=1) == pytest.approx(1)


def test_a_family_refuses_variants_of_another_topology():
    with pytest.raises(ValueError, match="one topology"):
        make_family(["0,0 5,5 9,9", "0,0 5,5* 9,9"])


def test_a_curve_passes_through_its_control_points():
    family = make_family(["0,0 40,10 50,60* 90,90 / 10,20 80,30"])
    control = family.variants[0]
    drawn = np.concatenate([family.starts, family.ends]) @ control
    for point in control[[0, 2, 3, 4, 5]]:
        assert np.linalg.norm(drawn - point, axis=1).min() < 1e-9


def test_the_cache_is_read_back_as_it_was_written(cache, monkeypatch):
    first = load_strokes(40, 10)
    monkeypatch.setattr(strokes, "draw_block", lambda *_: pytest.fail("drawn again"))
    second = load_strokes(40, 10)
    np.testing.assert_array_equal(first.x_train, second.x_train)
    for name, values in first.factors_test.items():
        np.testing.assert_array_equal(values, second.factors_test[name])


@pytest.mark.parametrize("broken", [b"", b"PK\x03\x04 nonsense", "half", "flipped"])
def test_a_broken_cache_is_drawn_again_with_a_sentence(cache, capsys, broken):
    first = load_strokes(40, 0)
    (file,) = cache.glob("*train.npz")
    content = file.read_bytes()
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]
    damaged = {"half": content[:middle], "flipped": flipped}.get(broken, broken)
    file.write_bytes(damaged)
    np.testing.assert_array_equal(load_strokes(40, 0).x_train, first.x_train)
    assert "drawn again" in capsys.readouterr().out
    assert file.read_bytes() == content


def test_a_full_disk_costs_only_the_cache(cache, monkeypatch):
    def full(path, write):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(strokes, "write_atomically", full)
    with pytest.warns(UserWarning, match="not kept in the cache"):
        assert len(load_strokes(10, 0).x_train) == 10


def test_a_folder_that_cannot_be_made_costs_only_the_cache(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.warns(UserWarning, match="not kept in the cache"):
        assert len(load_strokes(10, 0).x_train) == 10


@pytest.mark.parametrize("wrong", [-1, 2.0, "10", None, True])
def test_strokes_refuse_numbers_that_are_not_counts(cache, wrong):
    for name in ("n_train", "n_test", "seed"):
        with pytest.raises(ValueError, match=rf"Expected {name}.*Received: "):
            load_strokes(**{name: wrong})
