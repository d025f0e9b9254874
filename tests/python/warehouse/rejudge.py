"""The default policy, evaluated a second time in plain Python on what is published."""

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


def published_values(connection: duckdb.DuckDBPyConnection) -> dict[str, Values]:
    """Return every published value of each customer, by customer_id."""
    found: dict[str, Values] = defaultdict(dict)
    for table in PUBLISHED:
        cursor = connection.execute(f"select * from {table}")
        names = [column[0] for column in cursor.description or []]
        for row in cursor.fetchall():
            values = dict(zip(names, row, strict=True))
            found[values["customer_id"]].update(values)
    return found


def fired_rules(published: dict[str, Values]) -> dict[tuple[str, str], list[str]]:
    """Return the rules that fire, in order, by customer and rule set."""
    conditions: dict[str, dict[str, list[Condition]]] = defaultdict(lambda: defaultdict(list))
    rows = [row for row in seed("rule_conditions") if row["policy_key"] == "default"]
    written = {(row["rule_key"], row["metric"]): row["value"] for row in rows}
    for row in rows:
        # A tier rule may stand for its threshold on the same metric.
        value = written.get((row["value"], row["metric"]), row["value"])
        conditions[row["rule_key"]][row["condition_group"]].append(row | {"value": value})
    rules = [row for row in seed("rules") if row["policy_key"] == "default"]
    rules.sort(key=lambda row: int(row["priority"]))
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for customer, values in published.items():
        for rule in rules:
            if rule["customer_type"] not in ("any", values["customer_type"]):
                continue
            groups = conditions[rule["rule_key"]].values()
            if any(all(holds(one, values[one["metric"]]) for one in each) for each in groups):
                found[customer, rule["rule_set"]].append(rule["rule_key"])
    return found


def assert_labels(connection: duckdb.DuckDBPyConnection, published: dict[str, Values]) -> None:
    """Assert that every label is what the rules say.

    The first rule that fires in sets of one outcome, every rule in the others.
    """
    judged = fired_rules(published)
    expected = {
        (customer, rule_set, rule)
        for (customer, rule_set), rules in judged.items()
        for rule in (rules[:1] if rule_set in FIRST_MATCH else rules)
    }
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


def assert_reasons(connection: duckdb.DuckDBPyConnection, published: dict[str, Values]) -> set[str]:
    """Assert that every reason shows the published value and whether it is met; return the sets."""
    rows = connection.execute(
        "select customer_id, rule_set, metric, operator, threshold_value, metric_number,"
        " metric_text, is_met from customer_segment_reason_conditions"
    ).fetchall()
    for customer, _, metric, name, threshold, number, text, is_met in rows:
        value = published[customer][metric]
        shown = text if isinstance(value, str) else number
        if value is None or isinstance(value, str):
            assert shown == value, metric
        else:
            assert shown == pytest.approx(float(value)), metric
        assert is_met == holds({"operator": name, "value": threshold or ""}, value), metric
    return {row[1] for row in rows}
