"""Cutting customers into clusters by k-means, and whether they fall into any.

Values are an array of customers × metrics without missing ones. Everything is drawn with fixed
seeds and on one thread, so that equal values give equal clusters.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

Numbers = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]

# Limits of a clear cut.
MINIMUM_AGREEMENT = 0.8
MINIMUM_SEPARATION = 0.1
MINIMUM_SHARE = 0.01
# A cut into more clusters has to be better than one into fewer by more than this.
TOLERANCE = 0.02
FURTHEST = 3.0  # standard deviations
HALVINGS = 5
STARTS = 10
STARTS_OF_CHECKS = 3
# The silhouette compares every customer with every other one.
SILHOUETTE_CUSTOMERS = 5_000


@dataclass
class Candidate:
    """How good a cut into this many clusters is.

    `silhouette` runs from -1 to 1 (how much nearer customers are to their own cluster than to the
    next one), `cloud_silhouette` is that of one normal cloud of the same spread and correlations,
    `agreement` the mean adjusted Rand index of clusters learnt from two halves of the customers.
    `separation` is how far the clusters lie apart beyond what any cloud shows when it is cut,
    `lacks` what keeps the cut from being clear; empty if nothing does.
    """

    clusters: int
    silhouette: float
    cloud_silhouette: float
    agreement: float
    smallest_share: float
    separation: float = field(init=False)
    lacks: str = field(init=False)

    def __post_init__(self) -> None:
        self.separation = round(self.silhouette - self.cloud_silhouette, 4)
        if self.smallest_share < MINIMUM_SHARE:
            self.lacks = "too small a cluster"
        elif self.separation < MINIMUM_SEPARATION:
            self.lacks = "not apart"
        else:
            self.lacks = "not stable" if self.agreement < MINIMUM_AGREEMENT else ""


def scaled(values: Numbers) -> Numbers:
    """Return the values on a scale on which metrics can be compared.

    The signed logarithm of 1 + value / median of those that are not 0, so that the unit does not
    matter, less the mean, in standard deviations, at most three of them.
    """
    scales = [np.median(column[column != 0]) for column in np.abs(values).T]
    points = np.sign(values) * np.log1p(np.abs(values) / scales)
    points = (points - points.mean(axis=0)) / points.std(axis=0)
    held: Numbers = np.clip(points, -FURTHEST, FURTHEST)
    return held


def candidates(points: Numbers, numbers: Iterable[int]) -> list[Candidate]:
    """Return how good cuts of scaled points into these numbers of clusters are.

    No number is larger than that of the different points.
    """
    random = np.random.default_rng(0)
    cloud = random.multivariate_normal(
        points.mean(axis=0), np.atleast_2d(np.cov(points.T)), len(points)
    )
    halvings = [random.permutation(len(points)) for _ in range(HALVINGS)]
    with threadpool_limits(1):
        return [_candidate(points, cloud, halvings, number) for number in numbers]


def _candidate(points: Numbers, cloud: Numbers, halvings: list[Labels], number: int) -> Candidate:
    labels = _fit(points, number, STARTS).labels_
    agreements = []
    for order in halvings:
        halves = np.array_split(order, 2)
        one, other = (
            _fit(points[half], number, STARTS_OF_CHECKS).predict(points) for half in halves
        )
        agreements.append(adjusted_rand_score(one, other))
    cloud_labels = _fit(cloud, number, STARTS_OF_CHECKS).labels_
    return Candidate(
        clusters=number,
        silhouette=_silhouette(points, labels, halvings[0]),
        cloud_silhouette=_silhouette(cloud, cloud_labels, halvings[0]),
        agreement=round(float(np.mean(agreements)), 4),
        smallest_share=round(float(np.bincount(labels, minlength=number).min() / len(labels)), 4),
    )


def choose(found: list[Candidate]) -> Candidate | None:
    """Return the clear cut into the fewest clusters that is about as far apart as the best one."""
    clear = [candidate for candidate in found if not candidate.lacks]
    best = max((candidate.separation for candidate in clear), default=0.0)
    near = [candidate for candidate in clear if candidate.separation >= best - TOLERANCE]
    return min(near, key=lambda candidate: candidate.clusters, default=None)


def cut(points: Numbers, learn_from: Numbers, number: int) -> tuple[Labels, Numbers]:
    """Return the cluster of every scaled point, from 0 on, and its distance to the centre.

    The centres are learnt from the points `learn_from`. Distances are in standard deviations of a
    metric (root of the mean square).
    """
    with threadpool_limits(1):
        fit = _fit(learn_from, number, STARTS)
        labels = fit.predict(points)
    distances = np.sqrt(((points - fit.cluster_centers_[labels]) ** 2).mean(axis=1))
    return labels.astype(np.int64), np.round(distances, 6)


def _fit(points: Numbers, number: int, starts: int) -> Any:
    with warnings.catch_warnings():
        # Half the customers may have fewer different values than there are clusters.
        warnings.simplefilter("ignore")
        return KMeans(number, n_init=starts, random_state=0).fit(points)


def _silhouette(points: Numbers, labels: Labels, order: Labels) -> float:
    part = order[:SILHOUETTE_CUSTOMERS]
    if len(np.unique(labels[part])) < 2:
        return 0.0
    return round(float(silhouette_score(points[part], labels[part])), 4)
