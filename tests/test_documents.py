"""Pages that the kit draws, the real scan, and pairs from a folder."""

import numpy as np
import pytest
from PIL import Image

from course_utils import data
from course_utils.data import documents


def test_pages_are_black_text_on_white_paper():
    pages = data.load_pages(40, height=80, width=120)
    assert pages.shape == (40, 80, 120, 1)
    assert pages.dtype == np.float32
    assert pages.min() == 0
    assert pages.max() == 1
    ink = (pages < 0.5).mean(axis=(1, 2, 3))
    assert 0.05 < ink.mean() < 0.3


def test_a_seed_repeats_pages_and_fewer_are_the_first_of_more():
    pages = data.load_pages(6, seed=3)
    np.testing.assert_array_equal(pages[:4], data.load_pages(4, seed=3))
    assert not np.array_equal(pages, data.load_pages(6, seed=4))
    assert not np.array_equal(pages[0], pages[1])


def test_every_font_is_here_and_has_every_letter():
    letters = sorted(set(documents.TEXT) - {" "})
    for name in documents.FONTS:
        font = documents._font(name, 20)
        missing = [c for c in letters if font.getmask(c).getbbox() is None]
        assert not missing, name
        drawn = {bytes(font.getmask(c)) for c in letters}
        assert len(drawn) > 0.9 * len(letters), name


@pytest.mark.parametrize("sizes", [(0, 10, 10), (1, 0, 10), (1, 10, 0)])
def test_pages_refuse_nothing(sizes):
    with pytest.raises(ValueError, match="Expected at least one page"):
        data.load_pages(*sizes)


def test_the_real_scan_is_a_grey_page_in_uneven_light():
    scan = data.load_scan()
    assert scan.shape == (191, 384, 1)
    assert scan.dtype == np.float32
    assert 0 <= scan.min() < scan.max() <= 1
    left, right = np.median(scan[:, :40]), np.median(scan[:, -40:])
    assert left < right - 0.1


def write_pair(folder, name, damaged, clean):
    for part, pixels in (("train", damaged), ("train_cleaned", clean)):
        (folder / "documents" / part).mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(folder / "documents" / part / name)


def test_pairs_are_found_by_name_and_kept_in_order(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    white, black = np.full((20, 30), 255, "uint8"), np.zeros((20, 30), "uint8")
    write_pair(tmp_path, "b.png", black, white)
    write_pair(tmp_path, "a.png", white[:10], black[:10])
    (tmp_path / "documents" / "train" / "alone.png").write_bytes(b"not read")
    pairs = data.load_document_pairs()
    assert pairs.names == ("a.png", "b.png")
    assert len(pairs) == 2
    assert pairs.damaged[0].shape == (10, 30, 1)
    assert pairs.damaged[1].max() == 0
    assert pairs.clean[1].min() == 1


def test_without_a_folder_there_are_no_pairs(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    assert len(data.load_document_pairs()) == 0
    monkeypatch.delenv("COURSE_DATA")
    assert not data.load_document_pairs()


def test_a_pair_of_two_sizes_is_refused_and_named(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    page = np.zeros((20, 30), "uint8")
    write_pair(tmp_path, "bad.png", page, page[:10])
    with pytest.raises(ValueError, match=r"bad\.png.*\(20, 30, 1\) and \(10, 30, 1\)"):
        data.load_document_pairs()


def test_the_real_pairs_are_thirty_six_damaged_pages(real_data):
    if not (real_data / "documents").is_dir():
        pytest.skip(f"needs real documents in {real_data}")
    pairs = data.load_document_pairs()
    assert len(pairs) == 36
    for damaged, clean in zip(pairs.damaged, pairs.clean, strict=True):
        assert damaged.mean() < clean.mean()
