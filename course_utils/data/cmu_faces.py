"""Real photographs of faces, if the classroom has them."""

from dataclasses import dataclass

import numpy as np

from course_utils.data.cache import local_copies

FILE = "faces/cmu_faces_624x60x64.npz"


@dataclass(frozen=True)
class CmuFaces:
    """Grey photographs of 20 people: from the front, from both sides, looking up.

    Attributes:
        pictures: Float32 array of shape `(n, size, size, 1)`, in [0, 1].
        person: Array of n strings, who is seen.
        pose: Array of n strings, which way the head is turned.
    """

    pictures: np.ndarray
    person: np.ndarray
    pose: np.ndarray


def load_cmu_faces(size=48):
    """Returns the CMU Face Images from `COURSE_DATA`, or None if they are not there.

    Tom Mitchell's students photographed each other for a lecture on machine
    learning; UCI archive, data set 124, CC BY 4.0. We only read a local copy.

    Args:
        size: Integer, pixels per side.

    Returns:
        `CmuFaces`, or None.
    """
    folder = local_copies()
    if folder is None or not (folder / FILE).exists():
        return None
    from skimage.transform import resize

    with np.load(folder / FILE) as file:
        images, person, pose = file["images"], file["person"], file["pose"]
    squares = images[:, :, 2:62] / 255
    small = [resize(square, (size, size), anti_aliasing=True) for square in squares]
    return CmuFaces(np.stack(small)[..., None].astype("float32"), person, pose)
