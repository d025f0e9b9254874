"""BG/NBD and Gamma-Gamma against the papers' figures, other ways to compute them, and by hand."""

from __future__ import annotations

import math
from dataclasses import astuple, replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import beta

from strata.learn.lifetime import AmountModel, PurchaseModel, fit_amounts, fit_purchases

PUBLISHED_PURCHASES = PurchaseModel(0.243, 4.414, 0.793, 2.426, -9582.429)
PUBLISHED_AMOUNTS = AmountModel(6.25, 3.74, 15.44, -4055.918)


@pytest.fixture(scope="module")
def sample(cdnow: Path) -> dict[str, Any]:
    """The 1/10 sample of CDNOW up to 1997-09-30, as BG/NBD and Gamma-Gamma count."""
    return duckdb.execute(
        f"""
        with purchases as (
            select substr(line, 7, 5) as customer_id,
                strptime(substr(line, 13, 8), '%Y%m%d')::date as ordered_date,
                sum(substr(line, 25)::double) as amount
            from read_csv('{cdnow}/CDNOW_sample.txt', columns = {{line: 'varchar'}}, delim = '\t',
                header = false)
            where strptime(substr(line, 13, 8), '%Y%m%d') <= date '1997-09-30'
            group by all
        ),

        sequenced as (
            select *, min(ordered_date) over (partition by customer_id) as first_date from purchases
        )

        select
            count(*) - 1 as frequency,
            max(ordered_date) - min(first_date) as recency,
            date '1997-09-30' - min(first_date) as age,
            coalesce(avg(amount) filter (ordered_date > first_date), 0) as average
        from sequenced
        group by customer_id
        order by customer_id
        """
    ).fetchnumpy()


def test_bg_nbd_of_cdnow_is_that_of_the_paper(sample: dict[str, Any]) -> None:
    """Fader, Hardie and Lee (2005): parameters to three digits, log-likelihood to 0.01."""
    model = fit_purchases(sample["frequency"], sample["recency"], sample["age"])
    assert len(sample["age"]) == 2357
    assert [round(value, 3) for value in astuple(model)[:4]] == [0.243, 4.414, 0.793, 2.426]
    assert model.log_likelihood == pytest.approx(-9582.429, abs=0.01)


def test_gamma_gamma_of_cdnow_is_that_of_the_paper(sample: dict[str, Any]) -> None:
    """Fader and Hardie (2013): the 946 repeat buyers, by their repeat purchases."""
    is_repeat = sample["frequency"] > 0
    assert is_repeat.sum() == 946
    model = fit_amounts(sample["frequency"][is_repeat], sample["average"][is_repeat])
    assert [round(value, 2) for value in astuple(model)[:3]] == [6.25, 3.74, 15.44]
    assert model.log_likelihood == pytest.approx(-4055.918, abs=0.01)


def test_expectations_are_those_of_the_authors_sheets() -> None:
    """Two repeats, the last after 30.43 weeks of 38.86: 1.226 purchases in the next 39 weeks.

    A repeat buyer of the Gamma-Gamma sheet spends 24.65 in the mean, a one-time buyer 35.17; the
    parameters are rounded to two digits there.
    """
    weeks = 7
    purchases = PUBLISHED_PURCHASES.expected_purchases(
        one(2), one(30.43 * weeks), one(38.86 * weeks), 39 * weeks
    )
    assert purchases[0] == pytest.approx(1.226, abs=0.0005)
    amounts = PUBLISHED_AMOUNTS.expected_amount(np.array([2, 0]), np.array([22.35, 0]))
    assert amounts == pytest.approx([24.65, 35.17], abs=0.06)


def test_by_hand() -> None:
    """Weeks and powers that can be done on paper."""
    # a / (b + 1 - 1) = 1; ((1 + 3) / (1 + 1)) squared = 4; so 1 in 5.
    alive = PurchaseModel(1, 1, 1, 1, 0).probability_alive(one(1), one(7), one(21))
    assert alive[0] == pytest.approx(0.2, rel=1e-12)
    # Share 2 / (1 + 1 + 2) = 1/2; F(1, 1; 2; 1/2) = 2 ln 2; 2 / 1 * (1 - 1/2 * 2 ln 2).
    model = PurchaseModel(1, 1, 2, 1, 0)
    assert model.expected_purchases(one(0), one(0), one(7), 14)[0] == pytest.approx(
        2 - 2 * math.log(2), rel=1e-12
    )
    # 2 (12 + 2 * 18) / (2 * 2 + 3 - 1) = 16, and 2 * 12 / (3 - 1) = 12 without repeats.
    amounts = AmountModel(2, 3, 12, 0)
    assert amounts.expected_amount(np.array([2, 0]), np.array([18, 99])) == pytest.approx([16, 12])
    assert amounts.mean == pytest.approx(12)


def test_a_single_purchase_says_nothing_of_being_alive() -> None:
    alive = PUBLISHED_PURCHASES.probability_alive(np.zeros(2), np.zeros(2), np.array([1, 9999]))
    assert alive.tolist() == [1, 1]


@pytest.mark.parametrize(
    "model",
    [
        PUBLISHED_PURCHASES,
        replace(PUBLISHED_PURCHASES, a=1.0),
        replace(PUBLISHED_PURCHASES, a=1.3, b=0.2),
        replace(PUBLISHED_PURCHASES, a=0.3, b=0.4),
        PurchaseModel(1.56, 18.1, 271.0, 22026.0, 0),
        PurchaseModel(3.0, 0.5, 0.1, 300.0, 0),
    ],
    ids=lambda model: f"a={model.a},b={model.b}",
)
@pytest.mark.parametrize(
    "history", [(0, 0, 1), (0, 0, 900), (1, 30, 40), (5, 700, 720), (5, 20, 900), (400, 900, 901)]
)
def test_expected_purchases_are_the_integral_that_the_paper_solves(
    model: PurchaseModel, history: tuple[float, float, float]
) -> None:
    """The mean over the chances of dropping out that the history leaves, to 1e-4."""
    x, recency, age = history
    now, ahead = model.alpha + age / 7, 365 / 7
    chances = beta(model.a, model.b + x)

    def purchases(quantile: float) -> float:
        chance = max(float(chances.ppf(quantile)), 1e-300)
        return -math.expm1(-(model.r + x) * math.log1p(chance * ahead / now)) / chance

    whole = quad(purchases, 0, 1, epsrel=1e-6, limit=200)[0]
    alive = model.probability_alive(one(x), one(recency), one(age))[0]
    found = model.expected_purchases(one(x), one(recency), one(age), 365)[0]
    assert found == pytest.approx(whole * alive, rel=1e-4, abs=1e-12)


def test_the_fit_is_the_top_of_a_likelihood_written_another_way(sample: dict[str, Any]) -> None:
    """Each parameter a hundredth up or down is worse; the sum is equation 6, term by term."""
    history = [sample[name].tolist() for name in ("frequency", "recency", "age")]
    model = fit_purchases(*(np.array(values) for values in history))
    best = plain_likelihood(model, history)
    assert best == pytest.approx(model.log_likelihood, abs=1e-6)
    for name in ("r", "alpha", "a", "b"):
        for factor in (0.99, 1.01):
            moved = replace(model, **{name: getattr(model, name) * factor})
            assert plain_likelihood(moved, history) < best


def plain_likelihood(model: PurchaseModel, history: list[list[float]]) -> float:
    """Return the log-likelihood, customer by customer, without any array."""
    r, alpha, a, b = astuple(model)[:4]

    def log_beta(left: float, right: float) -> float:
        return math.lgamma(left) + math.lgamma(right) - math.lgamma(left + right)

    total = 0.0
    for x, recency, age in zip(*history, strict=True):
        alive = math.exp(log_beta(a, b + x) - log_beta(a, b)) * (alpha + age / 7) ** -(r + x)
        if x > 0:
            gone = math.exp(log_beta(a + 1, b + x - 1) - log_beta(a, b))
            alive += gone * (alpha + recency / 7) ** -(r + x)
        total += math.lgamma(r + x) - math.lgamma(r) + r * math.log(alpha) + math.log(alive)
    return total


def test_equal_customers_may_be_counted(sample: dict[str, Any]) -> None:
    rows = np.array([sample[name] for name in ("frequency", "recency", "age")])
    grouped, customers = np.unique(rows, axis=1, return_counts=True)
    assert len(customers) < 1100
    frequency, recency, age = grouped
    assert astuple(fit_purchases(frequency, recency, age, customers)) == pytest.approx(
        astuple(fit_purchases(*rows)), rel=1e-4
    )


def test_a_known_process_is_found_again() -> None:
    """20,000 customers drawn from BG/NBD and Gamma-Gamma; parameters come back to 15 %."""
    from strata_lab.bench_value import draw

    truth = PurchaseModel(0.6, 8.0, 0.8, 2.5, 0)
    drawn = draw(20_000, seed=5, purchases=truth)
    purchases = fit_purchases(drawn["frequency"], drawn["recency"], drawn["age"])
    assert astuple(purchases)[:4] == pytest.approx(astuple(truth)[:4], rel=0.15)
    is_repeat = drawn["frequency"] > 0
    amounts = fit_amounts(drawn["frequency"][is_repeat], drawn["average"][is_repeat])
    assert amounts.mean == pytest.approx(PUBLISHED_AMOUNTS.mean, rel=0.05)


def test_another_currency_changes_the_unit_alone(sample: dict[str, Any]) -> None:
    is_repeat = sample["frequency"] > 0
    frequency, average = sample["frequency"][is_repeat], sample["average"][is_repeat]
    one_unit, other = fit_amounts(frequency, average), fit_amounts(frequency, average * 1e6)
    assert (other.p, other.q, other.v / 1e6) == pytest.approx(astuple(one_unit)[:3], rel=1e-6)


def test_values_that_never_vary_are_expected_again() -> None:
    model = fit_amounts(np.array([1.0, 2, 3, 4] * 20), np.full(80, 12.5))
    assert model.expected_amount(np.array([0, 1, 9]), np.array([0, 12.5, 12.5])) == pytest.approx(
        [12.5] * 3, rel=0.01
    )


def test_nobody_ever_drops_out() -> None:
    """Everybody buys every week to the end: no drop-out, and the rate goes on."""
    weeks = np.arange(20, 60)
    model = fit_purchases(weeks, weeks * 7, weeks * 7)
    assert model.probability_alive(weeks, weeks * 7, weeks * 7).min() > 0.99
    assert model.expected_purchases(weeks, weeks * 7, weeks * 7, 70) == pytest.approx(10, rel=0.05)


def one(value: float) -> Any:
    return np.array([value], dtype=float)
