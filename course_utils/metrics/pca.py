"""Principal component analysis: the best linear code, which others are held against."""

import numpy as np

BLOCK = 5000  # rows centred at once: a centred copy of all pictures would fill memory


class PCA:
    """The best linear code of some pictures, at every size of the code.

    Fitted once, it serves any code size.

    Args:
        x_train: Float array of shape `(n, ...)`, what it is fitted on.

    Attributes:
        mean: Float32 array of shape `(features,)`.
        axes: Float32 array of shape `(features, features)`: the principal axes as
            columns, the most varied first.
        variances: Float array of shape `(features,)`: the variance along each axis.

    Source:
        Pearson, "On lines and planes of closest fit to systems of points in space"
        (1901); optimal by Eckart & Young (1936).
    """

    def __init__(self, x_train):
        rows = _rows(x_train)
        self.mean = rows.mean(axis=0, dtype="float64").astype("float32")
        scatter = np.zeros((len(self.mean), len(self.mean)))
        for start in range(0, len(rows), BLOCK):
            centred = rows[start : start + BLOCK] - self.mean
            scatter += centred.T @ centred
        variances, axes = np.linalg.eigh(scatter / len(rows))
        self.variances = variances[::-1].clip(min=0)
        self.axes = axes[:, ::-1].astype("float32")

    def copy(self, x, latent_dim):
        """Copies pictures through the code.

        Args:
            x: Float array of shape `(batch, ...)`, what is encoded and decoded.
            latent_dim: Integer, how many numbers a code has; 0 gives the mean.

        Returns:
            Float32 array of the shape of `x`.
        """
        axes = self.axes[:, :latent_dim]
        x_hat = (_rows(x) - self.mean) @ axes @ axes.T + self.mean
        return x_hat.reshape(np.shape(x))

    def curve(self, x, latent_dims):
        """Measures the error at each size of the code.

        Args:
            x: Float array of shape `(batch, ...)`, what the error is measured on.
            latent_dims: Sequence of integers.

        Returns:
            Float array of one number for each size: the average of
            `0.5 * sum((x - x_hat)**2)`, in nats per image like
            `losses.squared_error`.
        """
        scores = (_rows(x) - self.mean) @ self.axes
        energy = np.mean(np.square(scores, dtype="float64"), axis=0)
        left_out = np.append(np.cumsum(energy[::-1])[::-1], 0.0)
        return 0.5 * left_out[np.asarray(latent_dims)]


def _rows(x):
    return np.reshape(np.asarray(x, "float32"), (len(x), -1))
