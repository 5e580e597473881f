"""Faces from a folder of photographs, and a mark for pictures of nobody."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
MARGIN = 1.25  # of the found box: chin and hair belong to a face
LONG_SIDE = 400  # pixels of a photograph while we look for the face

# Letters of 3×5 points, a number per row, its bits from left to right.
LETTERS = {
    "S": (7, 4, 7, 1, 7), "Y": (5, 5, 7, 2, 2), "N": (7, 5, 5, 5, 5),
    "T": (7, 2, 2, 2, 2), "H": (5, 5, 7, 5, 5), "E": (7, 4, 6, 4, 7),
    "I": (7, 2, 2, 2, 7), "C": (7, 4, 4, 4, 7),
}  # fmt: skip


@dataclass(frozen=True)
class Faces:
    """Faces of one person, cut out of photographs.

    Attributes:
        pictures: Float32 array of shape `(n, size, size, 3)`, in [0, 1].
        files: List of n `pathlib.Path`, the photograph of each.
        missed: List of `pathlib.Path`, photographs in which no face was found.
    """

    pictures: np.ndarray
    files: list
    missed: list


def load_people(folder, size=48):
    """Finds the faces on the photographs of several people.

    Args:
        folder: Path of a folder that holds a folder of photographs for each person.
        size: Integer, pixels per side of a cut-out.

    Returns:
        List of `Faces`, in the order of the folders' names.

    Raises:
        FileNotFoundError: If the folder is not there, or one inside has no photograph.
        ValueError: If it holds fewer than two people, or no face is found of one.
    """
    folder = Path(folder).expanduser()
    if not folder.is_dir():
        raise FileNotFoundError(
            f"Expected a folder with a folder for each person. Received: {folder}"
        )
    people = sorted(path for path in folder.iterdir() if path.is_dir())
    people = [path for path in people if not path.name.startswith(".")]
    if len(people) < 2:
        raise ValueError(
            "Expected a folder for each person, two at least. "
            f"Received: {[path.name for path in people]} in {folder}"
        )
    return [load_faces(person, size) for person in people]


def load_faces(folder, size=48):
    """Finds the face on every photograph of a folder.

    The largest face is taken, put in the middle and scaled to one size, so that
    faces of several people lie on top of each other. Nothing leaves this computer
    and nothing is written. Faces are found by the cascade of local binary patterns
    that scikit-image carries; it knows faces seen from the front.

    Args:
        folder: Path of a folder with photographs of one person.
        size: Integer, pixels per side of the cut-out.

    Returns:
        `Faces`.

    Raises:
        FileNotFoundError: If the folder is not there or holds no photograph.
        ValueError: If no face is found on any of them.
    """
    folder = Path(folder).expanduser()
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    files = [file for file in files if file.suffix.lower() in ENDINGS]
    if not files:
        raise FileNotFoundError(
            f"Expected a folder with photographs ({', '.join(ENDINGS)}). "
            f"Received: {folder}"
        )
    cuts = [cut_face(_read(file), size) for file in files]
    found = [cut for cut in cuts if cut is not None]
    if not found:
        raise ValueError(
            "Expected photographs with a face seen from the front. "
            f"Received: {len(files)} without one, in {folder}"
        )
    return Faces(
        np.stack(found),
        [file for file, cut in zip(files, cuts, strict=True) if cut is not None],
        [file for file, cut in zip(files, cuts, strict=True) if cut is None],
    )


def cut_face(photograph, size=48):
    """Cuts the largest face out of a photograph.

    Args:
        photograph: Uint8 array of shape `(height, width, 3)`.
        size: Integer, pixels per side of the result.

    Returns:
        Float32 array of shape `(size, size, 3)`, in [0, 1]; None without a face.
    """
    box = find_face(photograph)
    if box is None:
        return None
    top, left, side = box
    grown = side * MARGIN
    middle_y, middle_x = top + side / 2, left + side / 2
    rows = _even_steps(middle_y - grown / 2, grown, size)
    columns = _even_steps(middle_x - grown / 2, grown, size)
    return _average_between(photograph.astype("float32") / 255, rows, columns)


def find_face(photograph):
    """Returns `(top, left, side)` of the largest face in pixels, or None."""
    from PIL import Image
    from skimage.data import lbp_frontal_face_cascade_filename
    from skimage.feature import Cascade

    scale = LONG_SIDE / max(photograph.shape[:2])
    height, width = (round(length * scale) for length in photograph.shape[:2])
    small = Image.fromarray(photograph).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    found = Cascade(lbp_frontal_face_cascade_filename()).detect_multi_scale(
        np.asarray(small),
        scale_factor=1.1,
        step_ratio=1,
        min_size=(60, 60),
        max_size=(LONG_SIDE, LONG_SIDE),
    )
    if not found:
        return None
    best = max(found, key=lambda face: face["width"])
    return tuple(best[key] / scale for key in ("r", "c", "width"))


def mark_synthetic(pictures):
    """Writes SYNTHETIC across the bottom of pictures, so that nobody is fooled.

    Args:
        pictures: Float array of shape `(n, size, size, 3)`, in [0, 1], at least 40
            pixels wide.

    Returns:
        Float32 array of the same shape; the pictures given are not changed.

    Raises:
        ValueError: If the pictures are too small to write on.
    """
    words = np.concatenate([_letter(letter) for letter in "SYNTHETIC"], axis=1)
    words = np.pad(words, ((1, 1), (1, 0)))
    height, width = words.shape
    marked = np.array(pictures, "float32")
    if marked.ndim != 4 or marked.shape[2] < width or marked.shape[1] < 3 * height:
        raise ValueError(
            f"Expected pictures of at least {3 * height}×{width} pixels. "
            f"Received: shape {marked.shape}"
        )
    zoom = marked.shape[2] // width
    words = np.kron(words, np.ones((zoom, zoom)))[..., None]
    left = (marked.shape[2] - words.shape[1]) // 2
    band = marked[:, -words.shape[0] :]
    band[:] = 0
    band[:, :, left : left + words.shape[1]] = words
    return marked


def _letter(letter):
    rows = LETTERS[letter]
    return np.array([[row >> 2 & 1, row >> 1 & 1, row & 1, 0] for row in rows], float)


def _read(file):
    from PIL import Image, ImageOps

    with Image.open(file) as image:
        return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))


def _even_steps(start, length, size):
    """Edges of `size` equal cells from start to start + length."""
    return start + length * np.arange(size + 1) / size


def _average_between(image, rows, columns):
    """Averages an image over cells; beyond its border its edge goes on."""
    for axis, edges in enumerate((rows, columns)):
        samples = np.stack([edges[:-1] + np.diff(edges) * s for s in _shares(edges)])
        pixel = np.clip(np.floor(samples), 0, image.shape[axis] - 1).astype(int)
        image = np.mean([np.take(image, line, axis=axis) for line in pixel], axis=0)
    return image.astype("float32")


def _shares(edges):
    """Where to look inside a cell: once a pixel, and at least four times."""
    count = max(4, int(np.ceil(edges[1] - edges[0])))
    return (np.arange(count) + 0.5) / count
