"""Simulated ancestry against its definition, and the order of columns."""

import itertools

import numpy as np
import pytest

from course_utils import data, metrics


def test_shapes_and_ranges_are_those_of_genotypes():
    people = data.simulate_genotypes(n=20, snps=30, populations=4)
    assert people.g.shape == (20, 30)
    assert people.q.shape == (20, 4)
    assert people.p.shape == (4, 30)
    assert set(np.unique(people.g)) <= {0, 1, 2}
    np.testing.assert_allclose(people.q.sum(axis=1), 1)
    assert 0 < people.p.min() <= people.p.max() < 1


def test_a_person_carries_twice_the_mixed_frequency():
    """The mean of Binomial(2, QP) is 2QP, its variance 2QP(1 - QP)."""
    people = data.simulate_genotypes(n=2000, snps=500, seed=1)
    mixed = people.q @ people.p
    z = (people.g - 2 * mixed) / np.sqrt(2 * mixed * (1 - mixed))
    assert abs(z.mean()) < 0.01
    assert abs(z.var() - 1) < 0.02


def test_populations_drift_apart_by_fst():
    """Balding and Nichols: Var(p | a) = fst a (1 - a), so E[(p1 - p2)^2] doubles it."""
    for fst in (0.05, 0.2):
        people = data.simulate_genotypes(n=1, snps=40_000, populations=2, fst=fst)
        a = np.linspace(0.1, 0.9, 10_001)
        expected = 2 * fst * np.mean(a * (1 - a))
        drift = np.mean((people.p[0] - people.p[1]) ** 2)
        assert drift == pytest.approx(expected, rel=0.05)


def test_a_low_concentration_gives_people_of_one_origin():
    few = data.simulate_genotypes(n=500, snps=1, concentration=0.1)
    many = data.simulate_genotypes(n=500, snps=1, concentration=10)
    assert few.q.max(axis=1).mean() > 0.85
    assert many.q.max(axis=1).mean() < 0.55


def test_the_seed_repeats_the_people():
    first, again, other = (data.simulate_genotypes(seed=s).g for s in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    "wrong",
    [{"n": 0}, {"populations": 0}, {"fst": 0}, {"fst": 1}, {"concentration": 0}],
)
def test_out_of_range_is_refused(wrong):
    with pytest.raises(ValueError, match="Received"):
        data.simulate_genotypes(**wrong)


def test_the_best_order_is_the_best_of_all_orders():
    rng = np.random.default_rng(0)
    q, q_hat = rng.dirichlet(np.ones(4), size=(2, 30))
    errors = {
        order: np.abs(q - q_hat[:, order]).mean()
        for order in itertools.permutations(range(4))
    }
    assert tuple(metrics.match_columns(q, q_hat)) == min(errors, key=errors.get)
    assert metrics.ancestry_error(q, q_hat) == pytest.approx(min(errors.values()))


def test_the_error_is_zero_for_the_truth_in_any_order_and_large_for_a_guess():
    q = np.eye(3)[[0, 1, 2, 0]]
    assert metrics.ancestry_error(q, q[:, [2, 0, 1]]) == 0
    assert metrics.ancestry_error(q, np.full(q.shape, 1 / 3)) == pytest.approx(4 / 9)


def test_tables_of_different_shapes_are_refused():
    with pytest.raises(ValueError, match="same shape"):
        metrics.ancestry_error(np.eye(3), np.eye(3)[:, :2])
