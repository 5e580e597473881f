"""Answers to the exercises of lesson 02."""

import numpy as np
from scipy import linalg
from sklearn.decomposition import PCA

from tests.answers import Answers


def axes_by_svd(x, latent_dim):
    mean = x.mean(axis=0)
    return mean, np.linalg.svd(x - mean)[2][:latent_dim].T


def axes_by_eigenvectors(x, latent_dim):
    _, vectors = np.linalg.eigh(np.cov(x.T))
    return np.mean(x, axis=0), vectors[:, ::-1][:, :latent_dim]


def axes_by_scikit_learn(x, latent_dim):
    pca = PCA(latent_dim).fit(x)
    return [pca.mean_, pca.components_.T]


def axes_not_centred(x, latent_dim):
    return x.mean(axis=0), np.linalg.svd(x)[2][:latent_dim].T


def axes_columns_of_numpys(x, latent_dim):
    mean = x.mean(axis=0)
    return mean, np.linalg.svd(x - mean, full_matrices=False)[2][:, :latent_dim]


def axes_as_rows(x, latent_dim):
    mean, axes = axes_by_svd(x, latent_dim)
    return mean, axes.T


def axes_of_u(x, latent_dim):
    mean = x.mean(axis=0)
    return mean, np.linalg.svd(x - mean, full_matrices=False)[0][:, :latent_dim]


def axes_least_first(x, latent_dim):
    return x.mean(axis=0), np.linalg.eigh(np.cov(x.T))[1][:, :latent_dim]


def axes_upside_down(x, latent_dim):
    return x.mean(axis=0), np.linalg.eigh(np.cov(x.T))[1][:, -latent_dim:]


def axes_with_lengths(x, latent_dim):
    mean = x.mean(axis=0)
    _, s, rows = np.linalg.svd(x - mean, full_matrices=False)
    return mean, rows[:latent_dim].T * s[:latent_dim]


def axes_standardised(x, latent_dim):
    y = (x - x.mean(axis=0)) / x.std(axis=0)
    return x.mean(axis=0), np.linalg.svd(y)[2][:latent_dim].T


def axes_with_one_mean(x, latent_dim):
    return x.mean(), np.linalg.svd(x - x.mean())[2][:latent_dim].T


def axes_in_place(x, latent_dim):
    mean = x.mean(axis=0)
    x -= mean
    return mean, np.linalg.svd(x)[2][:latent_dim].T


def axes_all(x, latent_dim):
    mean = x.mean(axis=0)
    return mean, np.linalg.svd(x - mean, full_matrices=False)[2].T


def axes_codes(x, latent_dim):
    mean, axes = axes_by_svd(x, latent_dim)
    return mean, (x - mean) @ axes


def bound_by_loop(singular_values, n, latent_dim):
    left_out = list(singular_values)[latent_dim:]
    return sum(s**2 for s in left_out) / (2 * n)


def bound_by_what_is_kept(singular_values, n, latent_dim):
    energy = np.asarray(singular_values) ** 2
    return 0.5 * (energy.sum() - energy[:latent_dim].sum()) / n


def angles_by_scipy(a, b):
    return np.degrees(linalg.subspace_angles(a, b))


def angles_by_projections(a, b):
    """The largest eigenvalues of the two projections' product are squared cosines."""
    p_a, p_b = a @ np.linalg.pinv(a), b @ np.linalg.pinv(b)
    cosines = np.sqrt(np.linalg.svd(p_a @ p_b, compute_uv=False)[: a.shape[1]] ** 2)
    return np.rad2deg(np.arccos(np.minimum(cosines, 1.0)))


def angles_by_qr(a, b):
    values = np.linalg.svd(basis(a).T @ basis(b), compute_uv=False)
    return np.degrees(np.arccos(np.clip(values, -1, 1)))[::-1]


def basis(a):
    return np.linalg.qr(a)[0]


def angles_of(product, angle=np.arccos):
    values = np.linalg.svd(product, compute_uv=False)
    return np.degrees(angle(np.clip(values, -1, 1)))


def unit(a):
    return a / np.linalg.norm(a, axis=0)


def angles_unclipped(a, b):
    values = np.linalg.svd(basis(a).T @ basis(b), compute_uv=False)
    with np.errstate(invalid="ignore"):
        return np.degrees(np.arccos(values))


def angles_of_pairs(a, b):
    cosines = np.sum(basis(a) * basis(b), axis=0)
    return np.degrees(np.arccos(np.clip(cosines, -1, 1)))


def unmix_by_solving(decoder, axes):
    mixing = np.linalg.lstsq(axes, decoder, rcond=None)[0]
    return np.linalg.solve(mixing.T, decoder.T).T


def unmix_by_inverse(decoder, axes):
    return decoder @ np.linalg.inv(axes.T @ decoder)


def unmix_by_regression(decoder, axes):
    return decoder @ np.linalg.lstsq(decoder, axes, rcond=None)[0]


ANSWERS = {
    "principal_axes": Answers(
        right=[axes_by_svd, axes_by_eigenvectors, axes_by_scikit_learn],
        wrong=[
            (axes_not_centred, "subtract the mean before the SVD"),
            (axes_columns_of_numpys, "take rows, then transpose"),
            (axes_as_rows, "one axis in each column"),
            (axes_of_u, "columns of U"),
            (axes_codes, "these are the codes"),
            (axes_least_first, "*largest* singular values"),
            (axes_upside_down, "the most varied comes first"),
            (axes_with_lengths, "axes of length 1"),
            (axes_standardised, "do not divide by the deviation"),
            (axes_with_one_mean, "one mean for each feature"),
            (axes_in_place, "x -= mean changes"),
            (axes_all, "keep 3 columns only"),
            (lambda x, latent_dim: axes_by_svd(x, latent_dim)[1], "two results"),
        ],
    ),
    "pca_bound": Answers(
        right=[bound_by_loop, bound_by_what_is_kept],
        wrong=[
            (lambda s, n, k: np.sum(s[k:] ** 2) / n, "factor ½ is missing"),
            (lambda s, n, k: np.sum(s[k:] ** 2) / 2, "divide by n: the average"),
            (lambda s, n, k: np.sum(s[k:] ** 2), "and the division by n"),
            (lambda s, n, k: np.sum(s[k:]) / 2 / n, "square the singular values"),
            (lambda s, n, k: np.sum(s[:k] ** 2) / 2 / n, "what the code keeps"),
            (lambda s, n, k: np.sum(s[k + 1 :] ** 2) / 2 / n, "one too few"),
            (lambda s, n, k: np.sum(s[k - 1 :] ** 2) / 2 / n, "one too many"),
            (lambda s, n, k: np.sum(s[k:] ** 2) / 2 / (n - 1), "not by n - 1"),
            (lambda s, n, k: np.mean(s[k:] ** 2) / 2 / n, "do not average"),
            (lambda s, n, k: np.linalg.norm(s[k:]) / 2 / n, "no square root"),
            (lambda s, n, k: 1.4, "leaves out everything"),
        ],
    ),
    "principal_angles": Answers(
        right=[angles_by_scipy, angles_by_projections, angles_by_qr],
        wrong=[
            (lambda a, b: angles_of(a.T @ b), "orthonormalise both first"),
            (lambda a, b: angles_of(unit(a).T @ unit(b)), "lengths is not enough"),
            (angles_unclipped, "np.clip them before arccos"),
            (linalg.subspace_angles, "these are radians"),
            (lambda a, b: np.cos(linalg.subspace_angles(a, b)), "are the cosines"),
            (lambda a, b: angles_of(basis(a).T @ basis(b), np.arcsin), "not arcsin"),
            (angles_of_pairs, "column with column"),
            (lambda a, b: angles_by_scipy(a, b).max(), "singular values"),
        ],
    ),
    "unmix": Answers(
        right=[unmix_by_inverse, unmix_by_solving, unmix_by_regression],
        wrong=[
            (lambda d, v: d @ (v.T @ d).T, "undoes a rotation only"),
            (lambda d, v: d @ (v.T @ d), "mixes once more"),
            (lambda d, v: d @ np.linalg.inv(d.T @ v), "axesᵀ decoder"),
            (lambda d, v: v.T @ d, "that is the mix"),
            (lambda d, v: np.linalg.inv(v.T @ d), "that is the inverse"),
            (lambda d, v: v @ np.linalg.inv(v.T @ d), "start from the decoder"),
            (lambda d, v: v, "PCA's axes themselves"),
            (lambda d, v: d, "still the mix"),
        ],
    ),
}
