"""What the policies say of the sample company, judged a second time in plain Python."""

from __future__ import annotations

import csv
import operator
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from strata.project import project_dir
from strata.publish.releases import Release

from .conftest import connected

FIRST_MATCH = ("tier", "lifecycle", "matrix", "health_band")
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
    "!=": operator.ne,
}
# Where the metrics of a rule are published; later tables win, and agree where they overlap.
PUBLISHED = (
    "customer_metrics",
    "customer_rfm_scores",
    "customer_segments",
    "customer_health_scores",
)
Condition = dict[str, str]
Values = dict[str, Any]


def seed(name: str) -> list[dict[str, str]]:
    """Return the rows of a policy seed."""
    with (project_dir() / f"seeds/policy/{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def holds(condition: Condition, value: Any) -> bool:
    """Tell whether a condition holds; an unknown value satisfies no comparison."""
    name, threshold = condition["operator"], condition["value"]
    if name in ("is_null", "is_not_null"):
        return (value is None) == (name == "is_null")
    if value is None:
        return False
    if name == "in":
        return str(value) in threshold.split("|")
    if isinstance(value, str):
        return COMPARE[name](value, threshold)
    if isinstance(value, Decimal):
        return COMPARE[name](value, Decimal(threshold))
    return COMPARE[name](value, float(threshold))


@pytest.fixture(scope="module")
def published(sample_release: Release) -> dict[str, Values]:
    """Every published value of each customer."""
    found: dict[str, Values] = defaultdict(dict)
    with connected(sample_release.public) as connection:
        for table in PUBLISHED:
            cursor = connection.execute(f"select * from {table}")
            names = [column[0] for column in cursor.description or []]
            for row in cursor.fetchall():
                values = dict(zip(names, row, strict=True))
                found[values["customer_id"]].update(values)
    return found


@pytest.fixture(scope="module")
def judged(published: dict[str, Values]) -> dict[tuple[str, str], list[str]]:
    """The rules that fire, in order, by customer and rule set."""
    conditions: dict[str, dict[str, list[Condition]]] = defaultdict(lambda: defaultdict(list))
    for row in seed("rule_conditions"):
        if row["policy_key"] == "default":
            conditions[row["rule_key"]][row["condition_group"]].append(row)
    rules = [row for row in seed("rules") if row["policy_key"] == "default"]
    rules.sort(key=lambda row: int(row["priority"]))
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for customer, values in published.items():
        for rule in rules:
            if rule["customer_type"] not in ("any", values["customer_type"]):
                continue
            groups = conditions[rule["rule_key"]].values()
            if any(all(holds(one, values.get(one["metric"])) for one in each) for each in groups):
                found[customer, rule["rule_set"]].append(rule["rule_key"])
    return found


def test_every_label_is_what_the_rules_say(
    sample_release: Release,
    published: dict[str, Values],
    judged: dict[tuple[str, str], list[str]],
) -> None:
    """The first rule that fires in sets of one outcome, every rule in the others."""
    expected = {
        (customer, rule_set, rule)
        for (customer, rule_set), rules in judged.items()
        for rule in (rules[:1] if rule_set in FIRST_MATCH else rules)
    }
    with connected(sample_release.public) as connection:
        found = set(
            connection.execute(
                "select customer_id, rule_set, rule_key from customer_segment_reasons"
            ).fetchall()
        )
        tags = connection.execute("select customer_id, tag_key from customer_tags").fetchall()
    assert found == expected
    for rule_set in FIRST_MATCH:
        assert sum(1 for row in found if row[1] == rule_set) == len(published)
    outcomes = {
        row["rule_key"]: row["outcome_key"]
        for row in seed("rules")
        if row["policy_key"] == "default"
    }
    keys = {
        "tier": "tier_key",
        "lifecycle": "lifecycle_stage_key",
        "matrix": "matrix_key",
        "health_band": "health_band_key",
    }
    for customer, rule_set, rule in found:
        if rule_set in keys:
            assert published[customer][keys[rule_set]] == outcomes[rule]
    assert sorted(tags) == sorted(
        (customer, outcomes[rule]) for customer, rule_set, rule in found if rule_set == "tag"
    )


def test_every_reason_shows_the_published_value_and_whether_it_is_met(
    sample_release: Release, published: dict[str, Values]
) -> None:
    with connected(sample_release.public) as connection:
        rows = connection.execute(
            "select customer_id, rule_set, metric, operator, threshold_value, metric_number,"
            " metric_text, is_met from customer_segment_reason_conditions"
        ).fetchall()
    assert {row[1] for row in rows} == {*FIRST_MATCH, "tag", "audience"}
    for customer, _, metric, name, threshold, number, text, is_met in rows:
        value = published[customer].get(metric)
        shown = text if isinstance(value, str) else number
        if value is None or isinstance(value, str):
            assert shown == value, metric
        else:
            assert shown == pytest.approx(float(value)), metric
        assert is_met == holds({"operator": name, "value": threshold or ""}, value), metric


def test_health_scores_are_the_weighted_means_of_what_is_known(
    sample_release: Release, published: dict[str, Values]
) -> None:
    """Recomputed in exact decimals; rounded to one decimal, so within .05 and a thousandth."""
    components = [row for row in seed("health_components") if row["policy_key"] == "default"]
    for customer, values in published.items():
        mine = [row for row in components if row["customer_type"] == values["customer_type"]]
        known = [row for row in mine if values[row["metric"]] is not None]
        weight = sum(Decimal(row["weight"]) for row in known)
        total = sum(Decimal(row["weight"]) for row in mine)
        assert values["score_confidence"] == pytest.approx(float(weight / total)), customer
        if not known:
            assert values["health_score"] is None
            continue
        score = Decimal(0)
        for row in known:
            worst, best = Decimal(row["worst_value"]), Decimal(row["best_value"])
            share = (Decimal(str(values[row["metric"]])) - worst) / (best - worst)
            score += Decimal(row["weight"]) * 100 * min(max(share, Decimal(0)), Decimal(1))
        assert float(values["health_score"]) == pytest.approx(float(score / weight), abs=0.051)
    with connected(sample_release.public) as connection:
        explained = connection.execute(
            "select customer_id, sum(weight_share_rate * component_score)"
            " from customer_health_components group by 1"
        ).fetchall()
    for customer, score in explained:
        if score is not None:
            assert float(published[customer]["health_score"]) == pytest.approx(score, abs=0.051)


def test_difficulty_scores_are_the_weighted_means_of_what_is_known(
    published: dict[str, Values],
) -> None:
    components = [row for row in seed("difficulty_components") if row["policy_key"] == "default"]
    known_count = 0
    for values in published.values():
        mine = [row for row in components if row["customer_type"] == values["customer_type"]]
        known = [row for row in mine if values[row["metric"]] is not None]
        if not known:
            assert values["difficulty_score"] is None
            continue
        known_count += 1
        score = 0.0
        for row in known:
            easy, hard = float(row["easy_value"]), float(row["hard_value"])
            share = (float(values[row["metric"]]) - easy) / (hard - easy)
            score += float(row["weight"]) * 100 * min(max(share, 0), 1)
        weight = sum(float(row["weight"]) for row in known)
        assert float(values["difficulty_score"]) == pytest.approx(score / weight, abs=0.051)
    assert known_count > 300


def test_percentiles_count_customers_with_value(sample_release: Release) -> None:
    """Shares and percentiles of value, counted customer by customer."""
    with duckdb.connect(str(sample_release.public), read_only=True) as connection:
        rows = connection.execute(
            "select customer_type, value_amount, higher_value_share_rate, value_percentile_rate"
            " from customer_segments"
        ).fetchall()
    for customer_type, value, share, percentile in rows:
        others = [row[1] for row in rows if row[0] == customer_type]
        above = sum(other for other in others if other > value)
        assert share == pytest.approx(float(above) / float(sum(others)))
        with_value = sum(1 for other in others if other > 0)
        if value > 0:
            no_more = sum(1 for other in others if 0 < other <= value)
            assert percentile == no_more / with_value
        else:
            assert percentile is None
