"""Checks of what a policy looks up: RFM cells, groups, dimensions and bands, labels, numbers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise, product

from strata.policy.findings import WARNING, Finding, at, subject
from strata.policy.judgements import DIMENSIONS, NO_ORDER, Judgements, label_kind, number
from strata.policy.seeds import Row

SCORES = ("1", "2", "3", "4", "5")
# Kinds of labels that rules or cells give; the others are given by SQL or are words only.
CELL_KINDS = ("rfm_segment", "rfm_group")
# Units that need no word: a share is written in per cent, a key has none.
WORDLESS = ("rate", "key")


def check_tables(judgements: Judgements, policies: list[str]) -> Iterator[Finding]:
    """Yield what is wrong with the look-ups of all policies and those of the given ones."""
    scores = [f"{dimension}_score" for dimension in DIMENSIONS]
    flags = [f"is_{dimension}_high" for dimension in DIMENSIONS]
    yield from _cells(judgements, "rfm_segments", scores, SCORES, "rfm_segment")
    yield from _cells(judgements, "rfm_groups", flags, ("true", "false"), "rfm_group")
    yield from _unused_labels(judgements)
    yield from _units(judgements)
    for policy in policies:
        yield from _numbers(judgements.policies[policy])
        for customer_type, dimension in product(judgements.customer_types, DIMENSIONS):
            yield from _dimension(judgements, policy, customer_type, dimension)
            yield from _bands(judgements, policy, customer_type, dimension)


def _cells(
    judgements: Judgements, seed: str, columns: list[str], allowed: tuple[str, ...], kind: str
) -> Iterator[Finding]:
    """Enumerate every cell of a map: each must be there once and name a label."""
    rows = judgements.rows(seed)
    if seed not in judgements.seeds:
        return
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        cell = tuple(row[column] for column in columns)
        name = f"cell {','.join(cell)}"
        if not all(part in allowed for part in cell):
            fix = f"use {', '.join(allowed)} only"
            yield at(row, "rfm_cells", name, "there is no such cell", fix)
        elif cell in first:
            problem = f"the cell is also on line {first[cell].line}"
            yield at(row, "rfm_cells", name, problem, "delete one of the two")
        first.setdefault(cell, row)
        if (kind, row[f"{kind}_key"]) not in judgements.labels:
            problem = f"{row[f'{kind}_key']} is no {kind} in labels.csv"
            fix = "correct the spelling or add the label"
            yield at(row, "labels", name, problem, fix)
    for cell in product(allowed, repeat=len(columns)):
        if cell not in first:
            place = rows[-1] if rows else Row(judgements.seeds[seed].file, 1, {})
            name = f"cell {','.join(cell)}"
            fix = f"add a row {','.join(cell)} with its {kind}_key"
            yield at(place, "rfm_cells", name, "the cell is missing", fix)


def _dimension(
    judgements: Judgements, policy: str, customer_type: str, dimension: str
) -> Iterator[Finding]:
    seed = "rfm_dimensions"
    if seed not in judgements.seeds:
        return
    keys = {"policy_key": policy, "customer_type": customer_type, "dimension": dimension}
    rows, name = judgements.rows(seed, **keys), f"{policy}/{customer_type}/{dimension}"
    if not rows:
        place = _last(judgements, seed, policy)
        fix = "add a row with its metric and weight"
        yield at(place, "rfm_dimensions", name, "the dimension is missing", fix)
    for row in rows[1:]:
        problem = f"the dimension is also on line {rows[0].line}"
        yield at(row, "rfm_dimensions", name, problem, "delete one of the two")
    for row in rows:
        weight = number(row["weight"])
        if weight is not None and weight <= 0:
            problem = f"the weight {row['weight']} is not above zero"
            yield at(row, "rfm_dimensions", name, problem, "give it a weight above zero")


def _bands(
    judgements: Judgements, policy: str, customer_type: str, dimension: str
) -> Iterator[Finding]:
    seed = "rfm_bands"
    if seed not in judgements.seeds:
        return
    keys = {"policy_key": policy, "customer_type": customer_type, "dimension": dimension}
    name = f"{policy}/{customer_type}/{dimension}"
    bounds: dict[str, tuple[Decimal, Row]] = {}
    for row in judgements.rows(seed, **keys):
        score, bound = row["score"], number(row["lower_bound"])
        if score not in SCORES:
            yield at(row, "rfm_bands", name, f"there is no score {score}", "use 1 to 5, each once")
        elif score in bounds:
            problem = f"score {score} is also on line {bounds[score][1].line}, so the bands overlap"
            yield at(row, "rfm_bands", name, problem, "delete one of the two")
        elif bound is not None:
            bounds[score] = bound, row
    for score in SCORES:
        if score not in {row["score"] for row in judgements.rows(seed, **keys)}:
            place = _last(
                judgements, seed, policy, customer_type=customer_type, dimension=dimension
            )
            fix = "add a row with its lower bound"
            yield at(place, "rfm_bands", name, f"the band of score {score} is missing", fix)
    falls = dimension == "recency"
    ranked = sorted(bounds, reverse=falls)
    for lower, upper in pairwise(ranked):
        (low, _), (high, row) = bounds[lower], bounds[upper]
        if high <= low:
            problem = (
                f"the band of score {upper} begins at {high}, not above that of score {lower} "
                f"at {low}, so the two overlap or are out of order"
            )
            way = "fall as the days rise" if falls else "rise with the lower bound"
            yield at(row, "rfm_bands", name, problem, f"let the scores {way}")
    if ranked:
        bound, row = bounds[ranked[0]]
        if bound > (1 if dimension == "frequency" else 0):
            problem = f"the lowest band begins at {bound}, and what lies below is in no band"
            yield at(row, "rfm_bands", name, problem, "let it begin at 0")


def _numbers(row: Row) -> Iterator[Finding]:
    """Check the numbers of a policy that no type can check."""
    limits = {
        "high_score_from": (2, 5),
        "minimum_buyers": (5, None),
        "minimum_history_days": (1, None),
        "rfm_window_days": (1, None),
    }
    for column, (least, most) in limits.items():
        value = number(row[column])
        if value is not None and (value < least or (most is not None and value > most)):
            allowed = f"between {least} and {most}" if most is not None else f"at least {least}"
            problem = f"{column} {row[column]} is not {allowed}"
            yield at(row, "policy_numbers", row["policy_key"], problem, "choose one that is")


def _unused_labels(judgements: Judgements) -> Iterator[Finding]:
    """Yield labels of a kind that rules or cells give, but that none of them gives."""
    given = {
        (label_kind(rule_set), outcome)
        for policy in judgements.policies
        for rule_set in judgements.rule_sets
        for outcome in judgements.outcomes(policy, rule_set)
    }
    kinds = {label_kind(rule_set) for rule_set in judgements.rule_sets}
    for kind in CELL_KINDS:
        seed = f"{kind}s"
        if seed in judgements.seeds:
            kinds.add(kind)
            given |= {(kind, row[f"{kind}_key"]) for row in judgements.rows(seed)}
            given.add((kind, NO_ORDER))
    for (kind, key), row in judgements.labels.items():
        if kind in kinds and (kind, key) not in given:
            problem = f"no policy gives anybody this {kind}, so it can never be reached"
            fix = "delete the label or add the rule that gives it"
            yield at(row, "unreachable", subject("labels", row), problem, fix, level=WARNING)


def _units(judgements: Judgements) -> Iterator[Finding]:
    """Yield metrics whose unit has no words, so that a threshold cannot be written out."""
    for metric, row in judgements.metrics.items():
        unit = row["unit"]
        if unit not in (*WORDLESS, "base currency") and ("unit", unit) not in judgements.labels:
            problem = f"the unit {unit} is no unit in labels.csv"
            fix = "correct the spelling or add the label"
            yield at(row, "unit", metric, problem, fix, level=WARNING)


def _last(judgements: Judgements, seed: str, policy: str, **cells: str) -> Row:
    """Return the last row of a policy in a seed, where something is missing after it."""
    rows = judgements.rows(seed, policy_key=policy, **cells)
    rows = rows or judgements.rows(seed, policy_key=policy) or judgements.rows(seed)
    return rows[-1] if rows else Row(judgements.seeds[seed].file, 1, {})
