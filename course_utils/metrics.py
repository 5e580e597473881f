"""Scores of pictures and codes: plain arrays in, plain numbers out.

The libraries behind them are imported where they are used, so that importing this
module is instant.
"""

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


def pca_copies(x_train, x, latent_dim):
    """Copies pictures through the best linear code of the training pictures: PCA.

    Args:
        x_train: Float array of shape `(n, ...)`, what PCA is fitted on.
        x: Float array of shape `(batch, ...)`, what is encoded and decoded.
        latent_dim: Integer, how many numbers a code has; 0 gives the mean picture.

    Returns:
        Float array of the shape of `x`.
    """
    mean, axes = _principal_axes(x_train)
    return _project(_rows(x), mean, axes[:, :latent_dim]).reshape(np.shape(x))


def pca_curve(x_train, x, latent_dims):
    """Measures the error of PCA at each size of the code.

    Args:
        x_train: Float array of shape `(n, ...)`, what PCA is fitted on.
        x: Float array of shape `(batch, ...)`, what the error is measured on.
        latent_dims: Sequence of integers.

    Returns:
        Float array of one number for each size: the average of
        `0.5 * sum((x - x_hat)**2)`, in nats per image like `losses.squared_error`.
    """
    mean, axes = _principal_axes(x_train)
    scores = ((_rows(x) - mean) @ axes).astype("float64")
    left_out = np.cumsum(np.mean(scores[:, ::-1] ** 2, axis=0))[::-1]
    left_out = np.append(left_out, 0.0)
    return 0.5 * left_out[np.asarray(latent_dims)]


def linear_probe_accuracy(z_train, y_train, z_test, y_test):
    """Measures how useful codes are: can a linear classifier read the class?

    Args:
        z_train: Float array of shape `(n, latent_dim)`, codes to learn from; ten
            thousand are enough.
        y_train: Integer array of shape `(n,)`, their classes.
        z_test: Float array of shape `(m, latent_dim)`, codes to be read.
        y_test: Integer array of shape `(m,)`.

    Returns:
        Float in [0, 1], the share of `z_test` that a logistic regression reads
        rightly. Every coordinate is scaled to unit variance first.

    Source:
        Alain & Bengio, "Understanding intermediate layers using linear classifier
        probes" (2016), arXiv:1610.01644.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    classifier = LogisticRegression(tol=1e-3, max_iter=2000)
    probe = make_pipeline(StandardScaler(), classifier)
    probe.fit(np.asarray(z_train, "float64"), y_train)
    return float(probe.score(np.asarray(z_test, "float64"), y_test))


def _principal_axes(x):
    """Returns the mean and all axes as columns, the most varied first."""
    rows = _rows(x)
    mean = rows.mean(axis=0)
    centred = rows - mean
    _, axes = np.linalg.eigh(centred.T @ centred)
    return mean, axes[:, ::-1]


def _project(rows, mean, axes):
    return (rows - mean) @ axes @ axes.T + mean


def _rows(x):
    return np.reshape(np.asarray(x, "float32"), (len(x), -1))


def _same_shape(x, x_hat):
    x, x_hat = np.asarray(x, "float32"), np.asarray(x_hat, "float32")
    if x.shape != x_hat.shape:
        raise ValueError(
            "Expected two arrays of the same shape. "
            f"Received: {x.shape} and {x_hat.shape}"
        )
    return x, x_hat
