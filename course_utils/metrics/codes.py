"""Scores of codes: what can be read from them?"""

import numpy as np


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
