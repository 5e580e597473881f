"""Real photographs are read where the classroom has them, and only read."""

import numpy as np
import pytest

from course_utils.data.cmu_faces import FILE, load_cmu_faces


@pytest.fixture
def two_photographs(tmp_path, monkeypatch):
    images = np.zeros((2, 60, 64), "uint8")
    images[1, :, 2:32] = 255
    (tmp_path / FILE).parent.mkdir()
    np.savez(tmp_path / FILE, images=images, person=["a", "b"], pose=["up", "left"])
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))


def test_photographs_are_cut_square_and_scaled(two_photographs):
    faces = load_cmu_faces(30)
    assert faces.pictures.shape == (2, 30, 30, 1)
    assert faces.pictures.dtype == np.float32
    assert list(faces.person) == ["a", "b"]
    np.testing.assert_allclose(faces.pictures[0], 0)
    np.testing.assert_allclose(faces.pictures[1, :, :14], 1, atol=1e-3)
    np.testing.assert_allclose(faces.pictures[1, :, 16:], 0, atol=1e-3)


def test_without_a_copy_there_are_none(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    assert load_cmu_faces() is None
    monkeypatch.delenv("COURSE_DATA")
    assert load_cmu_faces() is None
