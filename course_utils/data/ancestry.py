"""Genotypes of people whose ancestors came from several populations, simulated."""

from dataclasses import dataclass

import numpy as np

RARE = 0.01  # no variant is rarer than this in any population


@dataclass(frozen=True)
class Genotypes:
    """Genotypes, and the ancestry and the frequencies that they were drawn from.

    Attributes:
        g: Uint8 array of shape `(n, snps)`: how many of a person's two copies of
            each place in the DNA carry the variant, 0, 1 or 2.
        q: Float array of shape `(n, populations)`: the share of each person's
            ancestors that came from each population; rows sum to one.
        p: Float array of shape `(populations, snps)`: how frequent each variant is
            in each population, in (0, 1).
    """

    g: np.ndarray
    q: np.ndarray
    p: np.ndarray


def simulate_genotypes(
    n=300, snps=1000, populations=3, seed=0, concentration=0.3, fst=0.2
):
    """Draws people of mixed ancestry, and keeps the truth about them.

    Formula:

        p[k, j] ~ Beta(a[j] * (1 - fst) / fst, (1 - a[j]) * (1 - fst) / fst)
        q[i] ~ Dirichlet(concentration, ..., concentration)
        g[i, j] ~ Binomial(2, (q @ p)[i, j])

    with the ancestral frequency a[j] uniform in [0.1, 0.9]. Places in the DNA are
    drawn apart from each other. Provenance: drawn by this code; they belong to
    nobody. Licence: that of the kit.

    Args:
        n: Integer, people.
        snps: Integer, places in the DNA where people differ.
        populations: Integer.
        seed: Integer, at least 0.
        concentration: Float above 0. Below 1 most people have ancestors mainly
            from one population, far above 1 everybody is mixed alike.
        fst: Float in (0, 1), how far the populations have drifted apart.

    Returns:
        `Genotypes`.

    Raises:
        ValueError: If an argument is out of range.

    Source:
        Balding & Nichols, "A method for quantifying differentiation between
        populations at multi-allelic loci" (1995).
    """
    sizes = {"n": n, "snps": snps, "populations": populations}
    if min(sizes.values()) < 1:
        raise ValueError(f"Expected sizes of at least 1. Received: {sizes}")
    if not concentration > 0 or not 0 < fst < 1:
        raise ValueError(
            "Expected concentration > 0 and fst between 0 and 1. "
            f"Received: concentration={concentration}, fst={fst}"
        )
    rng = np.random.default_rng(seed)
    ancestral = rng.uniform(0.1, 0.9, snps)
    apart = (1 - fst) / fst
    p = rng.beta(ancestral * apart, (1 - ancestral) * apart, (populations, snps))
    p = p.clip(RARE, 1 - RARE)
    q = rng.dirichlet(np.full(populations, concentration), n)
    g = rng.binomial(2, (q @ p).clip(0, 1)).astype("uint8")
    return Genotypes(g, q, p)
