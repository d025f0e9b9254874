"""How often and for how much customers will buy: BG/NBD and Gamma-Gamma, fitted by SciPy.

BG/NBD (Fader, Hardie and Lee 2005, "Counting your customers the easy way"): a customer buys at a
rate of their own, and after each purchase drops out with a chance of their own. Rates are gamma
distributed (r, alpha), chances beta distributed (a, b). Gamma-Gamma (Fader and Hardie 2013): the
values of a customer's purchases are gamma distributed around a mean of their own (p, q, v).

Arrays of one length describe the customers: `frequency` (purchases after the first one), `recency`
and `age` (days from the first purchase to the last one and to today), `average` (mean value of the
repeat purchases; any number where there are none). Inside, days are weeks, so that parameters and
log-likelihoods are those of the papers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import betaln, digamma, gammaln, hyp2f1

from strata.errors import StrataError

Array = Any  # a numpy array of floats

DAYS_PER_WEEK = 7
# Parameters lie between exp(-10) and exp(10). A fit that ends there is one where the limit is the
# answer, as a = 0 where nobody ever drops out.
LARGEST_LOG = 10.0
# The closed form divides by a - 1; so near to 0 the value at this distance is exact enough.
SMALLEST_GAP = 1e-5


@dataclass(frozen=True)
class PurchaseModel:
    """A fitted BG/NBD model; `alpha` is in weeks."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    def probability_alive(self, frequency: Array, recency: Array, age: Array) -> Array:
        """Return the probability that each customer still buys, 0-1; 1 after a single purchase."""
        x, last, now = _weeks(frequency, recency, age)
        odds = self.a / (self.b + np.maximum(x, 1) - 1)
        waited = (self.r + x) * np.log((self.alpha + now) / (self.alpha + last))
        return np.where(x > 0, 1 / (1 + odds * np.exp(np.minimum(waited, 700))), 1.0)

    def expected_purchases(
        self, frequency: Array, recency: Array, age: Array, days: float
    ) -> Array:
        """Return how many purchases to expect of each customer in the next `days`.

        Equation 10 of the paper, with Euler's transformation of the hypergeometric function: its
        arguments then stay small for customers with hundreds of purchases.
        """
        x, _, now = _weeks(frequency, recency, age)
        ahead = days / DAYS_PER_WEEK
        share = ahead / (self.alpha + now + ahead)
        gap = self.a - 1
        if abs(gap) < SMALLEST_GAP:
            gap = SMALLEST_GAP
        top = self.a + self.b + x - 1
        curve = hyp2f1(self.a + self.b - 1 - self.r, gap, top, share)
        purchases = top / gap * (1 - (1 - share) ** gap * curve)
        return purchases * self.probability_alive(frequency, recency, age)


@dataclass(frozen=True)
class AmountModel:
    """A fitted Gamma-Gamma model; `v` is in the currency of the amounts."""

    p: float
    q: float
    v: float
    log_likelihood: float

    @property
    def mean(self) -> float | None:
        """The mean value of a purchase over all customers; None if it has no limit."""
        return self.p * self.v / (self.q - 1) if self.q > 1 else None

    def expected_amount(self, frequency: Array, average: Array) -> Array:
        """Return the mean value to expect of each customer's purchases."""
        x = np.asarray(frequency, dtype=float)
        spent = np.where(x > 0, x * np.asarray(average, dtype=float), 0.0)
        return self.p * (self.v + spent) / (self.p * x + self.q - 1)


def fit_purchases(
    frequency: Array, recency: Array, age: Array, customers: Array | None = None
) -> PurchaseModel:
    """Fit BG/NBD by maximum likelihood; raises StrataError if the fit does not settle.

    Each entry stands for one customer, or for as many as `customers` says.
    """
    x, last, now = _weeks(frequency, recency, age)
    weights = np.ones(len(x)) if customers is None else np.asarray(customers, dtype=float)
    size = weights.sum()
    repeats, place = np.unique(x, return_inverse=True)
    per_repeat = np.bincount(place, weights)
    is_repeat = x > 0
    before = np.where(is_repeat, x, 1) - 1  # purchases survived; any number for one-time buyers

    def loss(logs: Array) -> tuple[float, Array]:
        r, alpha, a, b = np.exp(logs)
        log_now, log_last = np.log(alpha + now), np.log(alpha + last)
        alive = -(r + x) * log_now
        gone = np.where(is_repeat, np.log(a / (b + before)) - (r + x) * log_last, -np.inf)
        either = np.logaddexp(alive, gone)
        counted = gammaln(r + repeats) - gammaln(r) + betaln(a, b + repeats) - betaln(a, b)
        total = weights @ either + per_repeat @ counted + size * r * np.log(alpha)

        is_alive = weights * np.exp(alive - either)
        is_gone = weights * np.exp(gone - either)
        slope = np.array(
            [
                per_repeat @ (digamma(r + repeats) - digamma(r))
                + size * np.log(alpha)
                - is_alive @ log_now
                - is_gone @ log_last,
                size * r / alpha
                - is_alive @ ((r + x) / (alpha + now))
                - is_gone @ ((r + x) / (alpha + last)),
                per_repeat @ (digamma(a + b) - digamma(a + b + repeats)) + is_gone.sum() / a,
                per_repeat
                @ (digamma(b + repeats) - digamma(b) + digamma(a + b) - digamma(a + b + repeats))
                - is_gone @ (1 / (b + before)),
            ]
        )
        return -total / size, -slope * np.exp(logs) / size

    logs, least = _minimum(loss, np.zeros(4), "purchases")
    r, alpha, a, b = np.exp(logs).tolist()
    return PurchaseModel(r, alpha, a, b, log_likelihood=-least * float(size))


def fit_amounts(frequency: Array, average: Array) -> AmountModel:
    """Fit Gamma-Gamma by maximum likelihood; raises StrataError if the fit does not settle.

    Frequencies are 1 or more, average values above 0.
    """
    x, given = np.asarray(frequency, dtype=float), np.asarray(average, dtype=float)
    size, unit = len(x), float(given.mean())
    mean = given / unit
    repeats, per_repeat = np.unique(x, return_counts=True)
    spent = x * mean
    log_spent = x @ np.log(spent)  # the sum of x log m and x log x
    log_mean = np.log(mean).sum()

    def loss(logs: Array) -> tuple[float, Array]:
        p, q, v = np.exp(logs)
        both = np.log(v + spent)
        sums = p * repeats
        total = (
            per_repeat @ (gammaln(sums + q) - gammaln(sums))
            + size * (q * np.log(v) - gammaln(q))
            + p * log_spent
            - log_mean
            - (p * x + q) @ both
        )
        slope = np.array(
            [
                per_repeat @ (repeats * (digamma(sums + q) - digamma(sums))) + log_spent - x @ both,
                per_repeat @ digamma(sums + q) + size * (np.log(v) - digamma(q)) - both.sum(),
                size * q / v - ((p * x + q) / (v + spent)).sum(),
            ]
        )
        return -total / size, -slope * np.exp(logs) / size

    logs, least = _minimum(loss, np.log([1.0, 2.0, 1.0]), "purchase values")
    p, q, v = np.exp(logs).tolist()
    return AmountModel(p, q, v * unit, log_likelihood=-size * (least + float(np.log(unit))))


def _weeks(frequency: Array, recency: Array, age: Array) -> tuple[Array, Array, Array]:
    return (
        np.asarray(frequency, dtype=float),
        np.asarray(recency, dtype=float) / DAYS_PER_WEEK,
        np.asarray(age, dtype=float) / DAYS_PER_WEEK,
    )


def _minimum(
    loss: Callable[[Array], tuple[float, Array]], start: Array, what: str
) -> tuple[Array, float]:
    """Return where a loss per customer is least, and its value there."""
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-LARGEST_LOG, LARGEST_LOG)] * len(start),
        options={"maxiter": 1000, "ftol": 1e-14, "gtol": 1e-8},
    )
    if not np.isfinite(found.fun) or found.nit >= 1000:
        raise StrataError(f"the model of {what} does not settle: {found.message}")
    return found.x, float(found.fun)
