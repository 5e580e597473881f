"""Are two tables of shares the same, apart from the order of their columns?"""

import numpy as np


def match_columns(q, q_hat):
    """Says in which order the columns of one table resemble those of another.

    Nobody can know which cluster should be called the first, so a code may come
    back with its columns in another order.

    Args:
        q: Float array of shape `(n, k)`, the truth.
        q_hat: Float array of shape `(n, k)`.

    Returns:
        Integer array of shape `(k,)`, such that `q_hat[:, order]` lies as near to
        `q` as any order allows, in mean absolute error. The rows of the decoder
        table that belongs to `q_hat` go along: `p_hat[order]`.

    Raises:
        ValueError: If the shapes differ, or are not those of tables.
    """
    from scipy.optimize import linear_sum_assignment

    q, q_hat = np.asarray(q), np.asarray(q_hat)
    if q.shape != q_hat.shape or q.ndim != 2:
        raise ValueError(
            "Expected two tables of the same shape. "
            f"Received: {q.shape} and {q_hat.shape}"
        )
    apart = np.abs(q[:, :, None] - q_hat[:, None, :]).mean(axis=0)
    return linear_sum_assignment(apart)[1]


def ancestry_error(q, q_hat):
    """Measures how far estimated shares lie from the true ones.

    Formula:

        mean(abs(q - q_hat[:, order]))

    with the order of the columns that makes it smallest.

    Args:
        q: Float array of shape `(n, k)`, the truth, rows sum to one.
        q_hat: Float array of the same shape.

    Returns:
        Float, the mean absolute error: 0 for the truth in any order.

    Raises:
        ValueError: If the shapes differ, or are not those of tables.
    """
    q_hat = np.asarray(q_hat)[:, match_columns(q, q_hat)]
    return float(np.abs(np.asarray(q) - q_hat).mean())
