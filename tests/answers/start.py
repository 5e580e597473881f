"""Answers to the exercises of lesson 00."""

import numpy as np

from tests.answers import Answers

ANSWERS = {
    "to_rows": Answers(
        right=[
            lambda images: images.reshape(-1, 784),
            lambda images: np.stack([image.ravel() for image in images]),
            lambda images: np.concatenate(list(images[..., 0].swapaxes(0, 1)), axis=1),
        ],
        wrong=[
            (lambda images: images.reshape(784, -1), "keep one row per picture"),
            (lambda images: images.flatten(), "keep one row per picture"),
            (lambda images: images.reshape(60_000, 784), "it stopped with ValueError"),
            (lambda images: images[..., 0], "got (3, 28, 28)"),
            (
                lambda images: images.swapaxes(1, 2).reshape(-1, 784),
                "go along the rows",
            ),
            (lambda images: images.reshape(784, -1).T, "in another order"),
        ],
    ),
    "difference": Answers(
        right=[
            lambda x, x_hat: np.abs(x_hat - x).mean(axis=-1),
            lambda x, x_hat: np.array(
                [sum(abs(a - b)) / len(a) for a, b in zip(x, x_hat, strict=True)]
            ),
        ],
        wrong=[
            (lambda x, x_hat: np.mean(x - x_hat, axis=1), "cannot cancel"),
            (lambda x, x_hat: np.abs(x - x_hat).sum(axis=1), "not the sum"),
            (lambda x, x_hat: np.mean((x - x_hat) ** 2, axis=1), "not squared"),
            (lambda x, x_hat: np.mean(np.abs(x - x_hat)), "one number per picture"),
            (lambda x, x_hat: np.abs(x - x_hat).mean(axis=0), "not the pictures"),
            (
                lambda x, x_hat: np.abs(x.mean(1) - x_hat.mean(1)),
                "first the absolute value",
            ),
        ],
    ),
}
