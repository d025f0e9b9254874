"""Differences of a cluster from the others, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.stats import rankdata

from strata.catalogue import say
from strata.learn.partition import Labels, Numbers
from strata.policy.phrasing import AVERAGES, MEASURES

Metric = dict[str, str]
# A difference below it is small by the usual reading of Cliff's delta.
LEAST_DIFFERENCE = 0.33
TRAITS = 3


def differences(values: Numbers, labels: Labels) -> Numbers:
    """Return Cliff's delta of every cluster against the rest in every metric.

    How much more often a customer of the cluster has more than one of the others than less: from
    -1 (always less) to 1 (always more). `values` are customers × metrics, the result is
    clusters × metrics; `labels` count from 0, there are two clusters or more.
    """
    counts = np.bincount(labels)
    deltas = []
    for column in values.T:
        means = np.bincount(labels, weights=rankdata(column)) / counts
        deltas.append((2 * means - len(values) - 1) / (len(values) - counts))
    return np.round(np.array(deltas).T, 6)


def names(deltas: Numbers, metrics: Sequence[Metric]) -> list[tuple[str, str]]:
    """Return an English and a Chinese name for each cluster by its differences; no two are equal.

    `metrics` are rows of metrics.csv.
    """
    sizes = [TRAITS] * len(deltas)
    while True:
        made = [_name(row, metrics, size) for row, size in zip(deltas, sizes, strict=True)]
        uses = Counter(made)
        again = [
            place
            for place, name in enumerate(made)
            if uses[name] > 1 and sizes[place] < len(metrics)
        ]
        if not again:
            return _numbered(made)
        for place in again:
            sizes[place] += 1


def _name(deltas: Numbers, metrics: Sequence[Metric], size: int) -> tuple[str, str]:
    """Name a cluster by its largest differences; beyond the usual number small ones count too."""
    order = sorted(range(len(metrics)), key=lambda place: -abs(deltas[place]))[:size]
    if size <= TRAITS:
        order = [place for place in order if abs(deltas[place]) >= LEAST_DIFFERENCE]
    keys = [(place, _trait(metrics[place], bool(deltas[place] > 0))) for place in order]

    def said(language: str) -> str:
        traits = [
            say(f"clusters.{key}", language, name=metrics[place][f"name_{language}"])
            for place, key in keys
        ]
        return say("clusters.name" if traits else "clusters.nothing", language, traits=traits)

    return said("en"), said("zh")


def _trait(metric: Metric, is_more: bool) -> str:
    """Return the key of a trait: things are many or few, amounts and rates high or low."""
    is_counted = metric["unit"] not in MEASURES and not metric["name_en"].startswith(AVERAGES)
    few, many = ("few", "many") if is_counted else ("low", "high")
    return many if is_more else few


def _numbered(made: list[tuple[str, str]]) -> list[tuple[str, str]]:
    seen: Counter[tuple[str, str]] = Counter()
    numbered = []
    for name in made:
        seen[name] += 1
        suffix = f" ({seen[name]})" if seen[name] > 1 else ""
        numbered.append((name[0] + suffix, name[1] + suffix))
    return numbered
