"""Reads the pose off a drawn character: the judge of a swapped picture."""

import numpy as np

from course_utils.data.faces import EYE, IDENTITIES, MOUTH, place

HEAD = ("yaw", "pitch", "brightness")  # read off the whole picture
# Points of the face, half the width and height of a window, what is read there.
WINDOWS = (
    ((MOUTH,), (0.52, 0.44), ("mouth", "smile")),
    (((-EYE[0], *EYE[1:]), EYE), (0.33, 0.34), ("blink", "gaze")),
)
CELLS = 12  # samples across a window


class PoseJudge:
    """Reads all pose factors off pictures of one character.

    It learns from drawn pictures whose pose is known: first the turn of the head
    and the light, from the whole picture; then it looks at eyes and mouth through
    windows that follow the head, evenly lit, and reads the rest there. Both steps
    are kernel ridge regressions, solved exactly. Every second picture is softened
    before, because decoders draw softly and should not be misread for it.

    Args:
        identity: `"a"` or `"b"`, the character on the pictures.
        pictures: Float array of shape `(n, size, size, 3)`, in [0, 1].
        factors: Dict of arrays of shape `(n,)`, the poses.
    """

    def __init__(self, identity, pictures, factors):
        self.who, pictures = IDENTITIES[identity], np.array(pictures)
        pictures[::2] = _soften(pictures[::2])
        self.head = _Ridge(_thumbnails(pictures), factors, HEAD)
        self.parts = [
            _Ridge(self._look(pictures, factors, points, half), factors, names)
            for points, half, names in WINDOWS
        ]

    def read(self, pictures):
        """Returns the pose that each picture shows.

        Args:
            pictures: Float array of shape `(n, size, size, 3)`, in [0, 1].

        Returns:
            Dict from the name of each factor to a float array of shape `(n,)`.
        """
        pose = self.head.read(_thumbnails(pictures))
        for part, (points, half, _) in zip(self.parts, WINDOWS, strict=True):
            pose |= part.read(self._look(pictures, pose, points, half))
        return pose

    def _look(self, pictures, pose, points, half):
        """Returns what the windows at some points of the face show, evenly lit."""
        u, v = np.meshgrid(np.linspace(-1, 1, CELLS), np.linspace(-1, 1, CELLS))
        windows = []
        for point in points:
            x, y, width, tall = place(self.who, pose["yaw"], pose["pitch"], point)
            x = x[:, None, None] + half[0] * width[:, None, None] * u
            y = y[:, None, None] + half[1] * tall[:, None, None] * v
            windows.append(sample(pictures, x, y))
        light = np.reshape(pose["brightness"], (-1, 1, 1, 1))
        return np.concatenate(windows, axis=1) / np.maximum(light, 0.3)


def r2_scores(read, true):
    """Measures how much of the true variation of each factor was read.

    A closed eye looks nowhere: gaze is scored where `blink` is below 0.6.

    Args:
        read: Dict of arrays of shape `(n,)`, as the judge reads them.
        true: Dict of arrays of shape `(n,)`.

    Returns:
        Dict from names to floats: 1 is perfect, 0 no better than the mean.
    """
    scores = {}
    for name, values in true.items():
        seen = true["blink"] < 0.6 if name == "gaze" else slice(None)
        error = np.mean((read[name][seen] - values[seen]) ** 2)
        scores[name] = float(1 - error / np.var(values[seen]))
    return scores


def sample(pictures, x, y):
    """Returns the colours of pictures at points between the pixels.

    Args:
        pictures: Float array of shape `(n, size, size, channels)`.
        x: Float array of shape `(n, rows, columns)`, from -1, left, to 1, right.
        y: Float array of the same shape, from -1, top, to 1, bottom.

    Returns:
        Float array of shape `(n, rows, columns, channels)`, interpolated linearly;
        outside the picture, its nearest edge.
    """
    size = pictures.shape[1]
    x, y = (np.clip((axis + 1) * size / 2 - 0.5, 0, size - 1.001) for axis in (x, y))
    column, row = x.astype(int), y.astype(int)
    right, down = (x - column)[..., None], (y - row)[..., None]
    n = np.arange(len(pictures))[:, None, None]
    top = (1 - right) * pictures[n, row, column] + right * pictures[n, row, column + 1]
    row = row + 1
    low = (1 - right) * pictures[n, row, column] + right * pictures[n, row, column + 1]
    return (1 - down) * top + down * low


class _Ridge:
    """Kernel ridge regression with a Gaussian kernel, from pixels to factors."""

    def __init__(self, pictures, factors, names, alpha=0.1, width=5.0):
        self.names, self.x = names, pictures.reshape(len(pictures), -1)
        y = np.stack([factors[name] for name in names], axis=1).astype("float64")
        self.mean = y.mean(axis=0)
        self.scale = width * self.x.var(axis=0).sum()
        kernel = self._kernel(self.x).astype("float64")
        kernel[np.diag_indices_from(kernel)] += alpha
        self.weights = np.linalg.solve(kernel, y - self.mean)

    def _kernel(self, x):
        squares = (x**2).sum(axis=1)[:, None] + (self.x**2).sum(axis=1)
        return np.exp((2 * x @ self.x.T - squares) / self.scale)

    def read(self, pictures):
        values = self._kernel(pictures.reshape(len(pictures), -1)) @ self.weights
        return dict(zip(self.names, (values + self.mean).T, strict=True))


def _soften(pictures):
    """Averages every pixel a little with its neighbours."""
    for axis in (1, 2):
        ends = np.take(pictures, [0], axis=axis), np.take(pictures, [-1], axis=axis)
        wide = np.concatenate([ends[0], pictures, ends[1]], axis=axis)
        size = pictures.shape[axis]
        near = [np.take(wide, range(i, i + size), axis=axis) for i in range(3)]
        pictures = 0.2 * near[0] + 0.6 * near[1] + 0.2 * near[2]
    return pictures


def _thumbnails(pictures):
    """Returns pictures at half their size, which is enough to see the head."""
    n, size, _, channels = pictures.shape
    halves = pictures.reshape(n, size // 2, 2, size // 2, 2, channels)
    return halves.mean(axis=(2, 4))
