"""Scores of pictures against pictures."""

import numpy as np


def psnr(x, x_hat):
    """Measures how close pictures are, as the peak signal-to-noise ratio.

    Formula:

        -10 * log10(mean((x - x_hat)**2))

    Args:
        x: Float array of shape `(batch, ...)`, in [0, 1].
        x_hat: Float array of the same shape.

    Returns:
        Float array of shape `(batch,)`, in decibels per picture: the larger the
        better, 100 at most, so that equal pictures can be averaged with others.

    Raises:
        ValueError: If the shapes differ.
    """
    x, x_hat = _same_shape(x, x_hat)
    error = np.mean((x - x_hat) ** 2, axis=tuple(range(1, x.ndim)))
    return -10 * np.log10(np.maximum(error, 1e-10))


def psnr_inside(x, x_hat, mask):
    """Measures how close pictures are inside a mask, all pictures taken together.

    Formula:

        -10 * log10(mean((x - x_hat)[mask]**2))

    Taken together, because a single picture may hide nothing but empty paper, and
    its perfect score would drown the others in an average of decibels.

    Args:
        x: Float array of shape `(batch, ...)`, in [0, 1].
        x_hat: Float array of the same shape.
        mask: Boolean array of the same shape, true where it is measured.

    Returns:
        Float, in decibels: the larger the better, 100 at most.

    Raises:
        ValueError: If the shapes differ, or the mask is true nowhere.
    """
    x, x_hat = _same_shape(x, x_hat)
    mask = np.asarray(mask, bool)
    if mask.shape != x.shape or not mask.any():
        raise ValueError(
            f"Expected a mask of shape {x.shape} that is true somewhere. "
            f"Received: shape {mask.shape}, true {mask.sum()} times"
        )
    return float(-10 * np.log10(max(np.mean((x - x_hat)[mask] ** 2), 1e-10)))


def ssim(x, x_hat):
    """Measures how alike pictures look, as the structural similarity.

    Args:
        x: Float array of shape `(batch, height, width, channels)`, channels 1 or
            3, or `(batch, height, width)`, in [0, 1].
        x_hat: Float array of the same shape.

    Returns:
        Float array of shape `(batch,)`: 1 for equal pictures, about 0 for pictures
        without anything in common.

    Raises:
        ValueError: If the shapes differ, or are not those of pictures.

    Source:
        Wang et al., "Image Quality Assessment" (2004), in scikit-image's version
        (windows of 7×7).
    """
    from skimage.metrics import structural_similarity

    x, x_hat = _same_shape(x, x_hat)
    if x.ndim not in (3, 4):
        raise ValueError(
            "Expected pictures of shape (batch, height, width[, channels]). "
            f"Received: shape {x.shape}"
        )
    options = {"data_range": 1.0, "channel_axis": -1 if x.ndim == 4 else None}
    pairs = zip(x, x_hat, strict=True)
    return np.array([structural_similarity(a, b, **options) for a, b in pairs])


def _same_shape(x, x_hat):
    x, x_hat = np.asarray(x, "float32"), np.asarray(x_hat, "float32")
    if x.shape != x_hat.shape:
        raise ValueError(
            "Expected two arrays of the same shape. "
            f"Received: {x.shape} and {x_hat.shape}"
        )
    return x, x_hat
