"""Faces are found on photographs, and swapped ones are marked."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data as photographs

from course_utils.data.photographs import (
    cut_face,
    find_face,
    load_faces,
    load_people,
    mark_synthetic,
)

CMU = Path(os.environ.get("COURSE_DATA", ".")) / "faces/cmu_faces_624x60x64.npz"


@pytest.fixture(scope="module")
def astronaut():
    return photographs.astronaut()


def test_the_face_of_the_astronaut_is_found(astronaut):
    top, left, side = find_face(astronaut)
    assert 40 < top < 110
    assert 150 < left < 220
    assert 70 < side < 150


def test_the_cut_out_holds_the_face_at_the_size_asked_for(astronaut):
    cut = cut_face(astronaut, 48)
    assert cut.shape == (48, 48, 3)
    assert cut.dtype == np.float32
    assert 0 <= cut.min() < cut.max() <= 1
    red, _, blue = cut[16:32, 16:32].mean(axis=(0, 1))
    assert red > blue + 0.1  # skin


def test_a_moved_face_gives_the_same_cut_out(astronaut):
    moved = np.roll(astronaut[:300, :400], (30, 40), axis=(0, 1))
    difference = cut_face(astronaut[:300, :400], 24) - cut_face(moved, 24)
    assert np.abs(difference).mean() < 0.1


def test_a_picture_without_a_face_gives_none():
    assert cut_face(np.full((200, 200, 3), 128, "uint8")) is None


def test_people_come_in_the_order_of_their_folders(tmp_path, astronaut):
    for name, copies in (("bob", 1), ("ann", 2), (".ipynb_checkpoints", 0)):
        (tmp_path / name).mkdir()
        for i in range(copies):
            Image.fromarray(astronaut).save(tmp_path / name / f"{i}.png")
    (tmp_path / "notes.txt").write_text("nobody")
    assert [len(faces.pictures) for faces in load_people(tmp_path, size=32)] == [2, 1]


def test_one_person_is_too_few_to_swap(tmp_path):
    with pytest.raises(FileNotFoundError, match="a folder for each person"):
        load_people(tmp_path / "missing")
    (tmp_path / "ann").mkdir()
    with pytest.raises(ValueError, match=r"two at least. Received: \['ann'\]"):
        load_people(tmp_path)


def test_a_folder_gives_its_faces_and_names_what_it_missed(tmp_path, astronaut):
    Image.fromarray(astronaut).save(tmp_path / "ann.png")
    Image.new("RGB", (100, 100)).save(tmp_path / "empty.JPG")
    (tmp_path / "notes.txt").write_text("not a photograph")
    faces = load_faces(tmp_path, size=32)
    assert faces.pictures.shape == (1, 32, 32, 3)
    assert [file.name for file in faces.files] == ["ann.png"]
    assert [file.name for file in faces.missed] == ["empty.JPG"]


def test_folders_without_faces_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="folder with photographs"):
        load_faces(tmp_path / "missing")
    with pytest.raises(FileNotFoundError, match="Received"):
        load_faces(tmp_path)
    Image.new("RGB", (100, 100)).save(tmp_path / "empty.png")
    with pytest.raises(ValueError, match="Received: 1 without one"):
        load_faces(tmp_path)


@pytest.mark.skipif(not CMU.exists(), reason=f"needs COURSE_DATA with {CMU.name}")
@pytest.mark.parametrize("name", ["emma", "mike"])
def test_faces_of_real_people_are_found_from_the_front(tmp_path, name):
    with np.load(CMU) as file:
        mine = (file["person"] == name) & (file["pose"] == "forward")
        for number, image in enumerate(file["images"][mine]):
            Image.fromarray(image).save(tmp_path / f"{number}.png")
    faces = load_faces(tmp_path)
    assert len(faces.pictures) >= 0.75 * mine.sum()


def test_the_mark_is_written_below_and_nowhere_else():
    pictures = np.full((2, 48, 64, 3), 0.5, "float32")
    marked = mark_synthetic(pictures)
    assert np.all(pictures == 0.5)
    np.testing.assert_array_equal(marked[:, :-7], pictures[:, :-7])
    assert set(np.unique(marked[:, -7:])) == {0.0, 1.0}
    letters = marked[0, -6:-1, :, 0]
    assert 60 < letters.sum() < 140  # nine letters of about ten points


def test_the_mark_grows_with_the_picture():
    small, large = (
        mark_synthetic(np.full((1, size, size, 3), 0.5)) for size in (48, 96)
    )
    heights = [
        np.sum(np.all(marked[0, :, 0] == 0, axis=-1)) for marked in (small, large)
    ]
    assert heights == [7, 14]


def test_pictures_too_small_for_the_mark_are_refused():
    with pytest.raises(ValueError, match="at least 21×37"):
        mark_synthetic(np.zeros((1, 28, 28, 3)))
