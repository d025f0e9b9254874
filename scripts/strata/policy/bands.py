"""The RFM tables of the standard: dimensions, bands and the 125 cells."""

from __future__ import annotations

from itertools import pairwise

from strata.policy.markdown import table
from strata.policy.model import DIMENSIONS, Judgements, number
from strata.policy.texts import TEXTS
from strata.policy.words import Words, plain

SCORES = ("5", "4", "3", "2", "1")


def dimensions_table(judgements: Judgements, policy: str, words: Words) -> str:
    """Return which metric stands for each dimension, and with what weight."""
    texts = TEXTS[words.language]
    rows = [
        [
            words.customer_type(customer_type),
            words.label("rfm_dimension", dimension),
            words.metric(row["metric"]),
            row["weight"],
        ]
        for customer_type in judgements.customer_types
        for dimension in DIMENSIONS
        for row in judgements.rows(
            "rfm_dimensions", policy_key=policy, customer_type=customer_type, dimension=dimension
        )
    ]
    return table(texts["dimension_columns"], rows)


def bands_tables(judgements: Judgements, policy: str, words: Words) -> str:
    """Return the fixed bands, one table for each customer type, with its name above it."""
    texts = TEXTS[words.language]
    columns = [texts["score"], *(words.label("rfm_dimension", name) for name in DIMENSIONS)]
    parts = []
    for customer_type in judgements.customer_types:
        bands = [_bands(judgements, policy, customer_type, name, words) for name in DIMENSIONS]
        rows = [[score, *(band.get(score, "") for band in bands)] for score in SCORES]
        title = f"{words.customer_type(customer_type)}{texts['colon']}"
        parts.append(f"{title}\n\n{table(columns, rows)}")
    return "\n\n".join(parts)


def cells_table(judgements: Judgements, words: Words) -> str:
    """Return the segment of each cell: a row for each R and F, a column for each M."""
    segments = {
        tuple(row[f"{name}_score"] for name in DIMENSIONS): row["rfm_segment_key"]
        for row in judgements.rows("rfm_segments")
    }
    rows = [
        [f"R{recency} F{frequency}"]
        + [
            words.label("rfm_segment", segments.get((recency, frequency, monetary), ""))
            for monetary in SCORES
        ]
        for recency in SCORES
        for frequency in SCORES
    ]
    return table(["R, F" if words.is_english else "R、F", *(f"M{score}" for score in SCORES)], rows)


def _bands(
    judgements: Judgements, policy: str, customer_type: str, dimension: str, words: Words
) -> dict[str, str]:
    """Return the values of each score in words, as in 31 to 90 days or from 500,000 CNY."""
    keys = {"policy_key": policy, "customer_type": customer_type, "dimension": dimension}
    metrics = [row["metric"] for row in judgements.rows("rfm_dimensions", **keys)]
    bands = sorted(judgements.rows("rfm_bands", **keys), key=lambda row: float(row["lower_bound"]))
    if not metrics or not bands:
        return {}

    metric = metrics[0]
    said = {}
    for lower, upper in pairwise(bands):
        said[lower["score"]] = _range(words, metric, lower["lower_bound"], upper["lower_bound"])
    last = words.value(metric, bands[-1]["lower_bound"])
    said[bands[-1]["score"]] = f"{last} or more" if words.is_english else f"{last}及以上"
    return said


def _range(words: Words, metric: str, low: str, high: str) -> str:
    """Return the values from one bound to below the next."""
    first, end = number(low), number(high)
    if words.is_whole(metric) and first is not None and end is not None:
        if end - first == 1:
            return words.value(metric, low)
        unit, last = words.unit(metric), plain(end - 1)
        least = words.value(metric, low, with_unit=False)
        return f"{least} to {last} {unit}" if words.is_english else f"{least}至{last}{unit}"
    top = words.value(metric, high)
    if words.is_english:
        return f"{words.value(metric, low, with_unit=False)} to below {top}"
    return f"{words.value(metric, low)}以上，不足{top}"
