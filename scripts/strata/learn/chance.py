"""How many pairs of two customers reach a score by chance, and the threshold that follows.

A score is a sum of one weight per field, and u says how often two random records reach each level.
The sum's distribution over all pairs follows, field by field. It rests on u alone, which is
measured on the records: m, and so the probability, is a guess where matches are few or where
errors come together.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from strata.learn.kind import Kind
from strata.learn.linkage import Linkage

STEP = 0.05  # of a weight, in natural logarithms
# Share of the pairs to be joined that shall be right, the least probability of such a pair, and of
# one that is written.
PRECISION = 0.99
LEAST = 0.5
MIN_PROBABILITY = 0.1
# Where a threshold may lie.
GRID = [number / 100 for number in range(100)] + [0.999, 0.9999, 1.0]


class Chance:
    """Expected numbers of evident pairs that are not one customer, by their probability.

    `model` is the trained model as Splink saves it.
    """

    def __init__(self, kind: Kind, model: dict[str, Any], linkage: Linkage) -> None:
        self._prior = _logit(model["probability_two_random_records_match"])
        self._pairs = linkage.records * (linkage.records - 1) / 2
        rarities = linkage.rarities()
        # Shares of the random pairs by weight, from the lowest on, by the rows of evidence met.
        self._lowest, met = 0, {frozenset[int](): np.ones(1)}
        for comparison in model["comparisons"]:
            field = comparison["output_column_name"]
            outcomes = _outcomes(comparison, linkage.known[field] ** 2, rarities)
            lowest = min(weights.min() for _, weights, _ in outcomes)
            length = max(weights.max() for _, weights, _ in outcomes) - lowest + 1
            self._lowest += int(lowest)
            before, met = met, {}
            for level, weights, shares in outcomes:
                here = np.bincount(weights - lowest, weights=shares, minlength=length)
                rows = {
                    number
                    for number, row in enumerate(kind.evidence)
                    if field in row and level >= row[field]
                }
                for state, so_far in before.items():
                    both = state | rows
                    met[both] = met.get(both, 0) + np.convolve(so_far, here)
        evident = met.get(frozenset(range(len(kind.evidence))), np.zeros(1))
        self._tail = np.append(np.cumsum(evident[::-1])[::-1], 0)

    def pairs_from(self, probability: float) -> float:
        """Return how many pairs reach a probability without being one customer."""
        weight = (_logit(probability) - self._prior) / STEP - self._lowest
        return float(self._pairs * self._tail[min(max(round(weight), 0), len(self._tail) - 1)])

    def threshold(
        self, probabilities: list[float], precision: float, least: float
    ) -> tuple[float, float]:
        """Return the lowest threshold from `least` on at which `precision` is expected, and that.

        `probabilities` are those of the pairs that count.
        """
        scored = np.sort(np.asarray(probabilities, dtype=float))
        threshold, expected = 1.0, 1.0
        for lower in reversed([step for step in GRID if step >= least]):
            found = len(scored) - int(np.searchsorted(scored, lower))
            reached = 1 - self.pairs_from(lower) / found if found else 1.0
            if reached < precision:
                break
            threshold, expected = lower, reached
        return threshold, expected


def _outcomes(
    comparison: dict[str, Any], both: float, rarities: dict[str, list[float]]
) -> list[tuple[int, Any, Any]]:
    """Return level, weights in steps and shares of random pairs of every outcome of a field."""
    levels = [one for one in comparison["comparison_levels"] if not one.get("is_null_level")]
    total = sum(level["u_probability"] for level in levels)
    outcomes = [(-1, np.zeros(1, dtype=int), np.array([1 - both]))]
    for worse, level in zip(reversed(range(len(levels))), levels, strict=True):
        m, u = level["m_probability"], level["u_probability"]
        column = level.get("tf_adjustment_column")
        rarity = np.array(rarities[column]) if column else np.array([u])
        weights = np.round(np.log(m / rarity) / STEP).astype(int)
        outcomes.append((worse, weights, both * u / total * rarity**2 / np.sum(rarity**2)))
    return outcomes


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-12), 1 - 1e-12)
    return math.log(bounded / (1 - bounded))
