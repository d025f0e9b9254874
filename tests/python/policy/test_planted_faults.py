"""Each fault planted in a clean policy is found, with its file, line and name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from strata.policy.findings import ERROR, WARNING
from strata.policy.judgements import Judgements

if TYPE_CHECKING:
    from tests.python.policy.conftest import Seeds

PLAIN = {"policy_key": "plain"}
# A plant returns the seed, the line and the words that the finding must have.
Plant = Callable[["Seeds"], tuple[str, int, str]]
PLANTS: dict[str, Plant] = {}
# Faults that a build lets pass.
HARMLESS = {
    "unit_without_words",
    "history_by_what_only_today_knows",
    "audience_without_playbook",
    "nine_core_tags",
    "label_that_nobody_gets",
    "more_outcomes_than_playbooks",
    "matrix_that_repeats_the_threshold_of_a_tier",
    "tier_that_repeats_the_threshold_of_another",
}


def plant(function: Plant) -> Plant:
    PLANTS[function.__name__] = function
    return function


def condition(seeds: Seeds, rule: str, **cells: str) -> tuple[str, int]:
    """Change the first condition of a rule of the plain policy."""
    return "rule_conditions", seeds.edit("rule_conditions", PLAIN | {"rule_key": rule}, **cells)


def rule(seeds: Seeds, key: str, **cells: str) -> tuple[str, int]:
    """Change a rule of the plain policy."""
    return "rules", seeds.edit("rules", PLAIN | {"rule_key": key}, **cells)


def also(seeds: Seeds, key: str, metric: str, operator: str, value: str, group: str = "1") -> int:
    """Add a condition to a rule of the plain policy; return the line of its first one."""
    row = {"rule_key": key, "metric": metric, "operator": operator, "value": value}
    line = min(
        number
        for number, row_ in enumerate(seeds.read("rule_conditions"), start=2)
        if row_["policy_key"] == "plain" and row_["rule_key"] == key
    )
    seeds.add("rule_conditions", **PLAIN, **row, condition_group=group)
    return line


def bands(score: str, dimension: str = "recency") -> dict[str, str]:
    return PLAIN | {"customer_type": "consumer", "dimension": dimension, "score": score}


@plant
def unknown_metric(seeds: Seeds) -> tuple[str, int, str]:
    return *condition(seeds, "stage_at_risk", metric="mood"), "metric mood is not in"


@plant
def unknown_operator(seeds: Seeds) -> tuple[str, int, str]:
    return *condition(seeds, "tier_b", operator="=>"), "operator => is unknown"


@plant
def unknown_label(seeds: Seeds) -> tuple[str, int, str]:
    return *rule(seeds, "tier_b", outcome_key="BB"), "BB is no tier in labels.csv"


@plant
def unknown_customer_type(seeds: Seeds) -> tuple[str, int, str]:
    return *rule(seeds, "tag_dealer", customer_type="firm"), "customer_type firm is unknown"


@plant
def unknown_rule_set(seeds: Seeds) -> tuple[str, int, str]:
    return *rule(seeds, "tag_dealer", rule_set="tags"), "rule_set tags is unknown"


@plant
def unknown_policy(seeds: Seeds) -> tuple[str, int, str]:
    return *rule(seeds, "tag_dealer", policy_key="plane"), "policy_key plane is not in"


@plant
def threshold_that_is_text(seeds: Seeds) -> tuple[str, int, str]:
    return *condition(seeds, "tier_a", value="much"), "threshold much of net_revenue_amount is no"


@plant
def threshold_of_too_many_digits(seeds: Seeds) -> tuple[str, int, str]:
    return *condition(
        seeds, "tier_a", value="1e20"
    ), "the threshold 1e20 of net_revenue_amount is no"


@plant
def weight_that_the_column_cannot_hold(seeds: Seeds) -> tuple[str, int, str]:
    where = PLAIN | {"customer_type": "business", "dimension": "monetary"}
    line = seeds.edit("rfm_dimensions", where, weight="123456")
    return "rfm_dimensions", line, "weight 123456 is no number"


@plant
def unit_without_words(seeds: Seeds) -> tuple[str, int, str]:
    line = seeds.edit("metrics", {"metric": "order_count"}, unit="parcels")
    return "metrics", line, "the unit parcels is no unit in labels.csv"


@plant
def threshold_with_separators(seeds: Seeds) -> tuple[str, int, str]:
    return *condition(seeds, "tier_a", value="100,000"), "digits only"


@plant
def bound_that_is_text(seeds: Seeds) -> tuple[str, int, str]:
    line = seeds.edit("rfm_bands", bands("3"), lower_bound="ninety")
    return "rfm_bands", line, "lower_bound ninety is no number"


@plant
def word_compared_as_a_number(seeds: Seeds) -> tuple[str, int, str]:
    return *condition(seeds, "tag_dealer", operator="<"), "is a word, which < cannot compare"


@plant
def number_in_a_list(seeds: Seeds) -> tuple[str, int, str]:
    place = condition(seeds, "tag_active", operator="in", value="1|2")
    return *place, "one condition group for each value"


@plant
def word_that_never_occurs(seeds: Seeds) -> tuple[str, int, str]:
    return *condition(seeds, "tag_dealer", value="deeler"), "channel_type is never deeler"


@plant
def cell_missing(seeds: Seeds) -> tuple[str, int, str]:
    cell = {"recency_score": "3", "frequency_score": "2", "monetary_score": "5"}
    seeds.delete("rfm_segments", **cell)
    return "rfm_segments", len(seeds.read("rfm_segments")) + 1, "cell 3,2,5: the cell is missing"


@plant
def cell_listed_twice(seeds: Seeds) -> tuple[str, int, str]:
    first = seeds.read("rfm_segments")[40]
    line = seeds.add("rfm_segments", **first | {"rfm_segment_key": "lost"})
    return "rfm_segments", line, "the cell is also on line 42"


@plant
def group_missing(seeds: Seeds) -> tuple[str, int, str]:
    seeds.delete("rfm_groups", rfm_group_key="key_keep")
    return "rfm_groups", 8, "cell false,true,true: the cell is missing"


@plant
def bands_that_overlap(seeds: Seeds) -> tuple[str, int, str]:
    line = seeds.edit("rfm_bands", bands("4", "monetary"), lower_bound="1")
    return "rfm_bands", line, "not above that of score 3"


@plant
def recency_bands_out_of_order(seeds: Seeds) -> tuple[str, int, str]:
    seeds.edit("rfm_bands", bands("2"), lower_bound="5000")
    return "rfm_bands", seeds.line("rfm_bands", **bands("1")), "out of order"


@plant
def band_missing(seeds: Seeds) -> tuple[str, int, str]:
    seeds.delete("rfm_bands", **bands("2", "frequency"))
    line = seeds.line("rfm_bands", **bands("5", "frequency"))
    return "rfm_bands", line, "the band of score 2 is missing"


@plant
def band_listed_twice(seeds: Seeds) -> tuple[str, int, str]:
    line = seeds.add("rfm_bands", **bands("2", "frequency"), lower_bound="2.5")
    return "rfm_bands", line, "so the bands overlap"


@plant
def dimension_missing(seeds: Seeds) -> tuple[str, int, str]:
    where = PLAIN | {"customer_type": "business", "dimension": "monetary"}
    seeds.delete("rfm_dimensions", **where)
    line = seeds.line("rfm_dimensions", **where | {"customer_type": "consumer"})
    return "rfm_dimensions", line, "plain/business/monetary: the dimension is missing"


@plant
def no_stage_for_consumers(seeds: Seeds) -> tuple[str, int, str]:
    seeds.edit("rules", PLAIN | {"rule_set": "lifecycle"}, customer_type="business")
    line = seeds.line("rules", **PLAIN, rule_key="stage_established")
    return "rules", line, "no lifecycle rule applies to consumer customers"


@plant
def no_tiers_at_all(seeds: Seeds) -> tuple[str, int, str]:
    for key in ("tier_a", "tier_b", "tier_c"):
        seeds.delete("rule_conditions", **PLAIN, rule_key=key)
        seeds.delete("rules", **PLAIN, rule_key=key)
    return "policies", seeds.line("policies", **PLAIN), "no tier rule applies to business customers"


@plant
def equal_priority(seeds: Seeds) -> tuple[str, int, str]:
    return *rule(seeds, "tier_c", priority="20"), "the priority 20 is also that of tier_b"


@plant
def sql_in_a_value(seeds: Seeds) -> tuple[str, int, str]:
    value = "dealer'; drop table rules; --"
    return *condition(seeds, "tag_dealer", value=value), "holds a quote or SQL"


@plant
def quote_in_a_label(seeds: Seeds) -> tuple[str, int, str]:
    where = {"kind": "tag", "outcome_key": "dealer"}
    line = seeds.edit("labels", where, name_en='Dealer" or "1" = "1')
    return "labels", line, "name_en holds quotes"


@plant
def numbers_that_exclude_each_other(seeds: Seeds) -> tuple[str, int, str]:
    line = also(seeds, "tag_active", "days_since_last_order", ">", "30")
    return "rule_conditions", line, "no customer can meet"


@plant
def numbers_with_nothing_whole_between(seeds: Seeds) -> tuple[str, int, str]:
    line = also(seeds, "tag_dealer", "order_count", ">", "3")
    also(seeds, "tag_dealer", "order_count", "<", "4")
    return "rule_conditions", line, "no customer can meet"


@plant
def words_that_exclude_each_other(seeds: Seeds) -> tuple[str, int, str]:
    line = also(seeds, "tag_active", "tier_key", "in", "A|B")
    also(seeds, "tag_active", "tier_key", "=", "C")
    return "rule_conditions", line, "no customer can meet"


@plant
def unknown_and_compared(seeds: Seeds) -> tuple[str, int, str]:
    line = also(seeds, "tag_dealer", "refund_rate", "is_null", "")
    also(seeds, "tag_dealer", "refund_rate", ">=", "0.1")
    return "rule_conditions", line, "no customer can meet"


@plant
def impossible_by_definition(seeds: Seeds) -> tuple[str, int, str]:
    """Without an order there is no last one."""
    line = also(seeds, "tag_active", "order_count", "=", "0")
    return "rule_conditions", line, "no customer can meet"


@plant
def impossible_by_two_steps(seeds: Seeds) -> tuple[str, int, str]:
    """An order in 90 days is one in 365 days, and so not 400 days ago."""
    line = also(seeds, "tag_dealer", "order_count_90d", ">=", "1")
    also(seeds, "tag_dealer", "days_since_last_order", ">", "400")
    return "rule_conditions", line, "no customer can meet"


@plant
def shadowed_by_one_rule(seeds: Seeds) -> tuple[str, int, str]:
    condition(seeds, "stage_at_risk", metric="order_count", operator=">", value="1")
    place = rule(seeds, "stage_established", priority="15")
    line = seeds.line("rules", **PLAIN, rule_key="stage_at_risk")
    return place[0], line, "never decides: stage_established"


@plant
def shadowed_by_two_rules(seeds: Seeds) -> tuple[str, int, str]:
    condition(seeds, "tier_a", operator="<=", value="50000")
    condition(seeds, "tier_b", operator=">", value="40000")
    return *rule(seeds, "tier_c"), "never decides: those before it take everybody"


@plant
def gap_without_last_rule(seeds: Seeds) -> tuple[str, int, str]:
    condition(seeds, "stage_established", value="2")
    return *rule(seeds, "stage_established"), "gets no lifecycle"


@plant
def gap_where_unknown(seeds: Seeds) -> tuple[str, int, str]:
    condition(seeds, "tier_c", metric="refund_rate", operator=">=", value="0")
    return *rule(seeds, "tier_c"), "refund_rate unknown"


@plant
def tiers_out_of_order(seeds: Seeds) -> tuple[str, int, str]:
    return *condition(seeds, "tier_b", value="200000"), "200000 of B is not below 100000"


@plant
def condition_without_rule(seeds: Seeds) -> tuple[str, int, str]:
    line = condition(seeds, "tag_active", rule_key="tag_actif")
    return *line, "there is no such rule in rules.csv"


@plant
def rule_without_conditions(seeds: Seeds) -> tuple[str, int, str]:
    seeds.delete("rule_conditions", **PLAIN, rule_key="tag_active")
    return *rule(seeds, "tag_active"), "the rule has no conditions"


@plant
def rule_listed_twice(seeds: Seeds) -> tuple[str, int, str]:
    line = seeds.line("rules", **PLAIN, rule_key="tag_active")
    row = seeds.read("rules")[line - 2]
    return "rules", seeds.add("rules", **row | {"priority": "99"}), f"is also on line {line}"


@plant
def condition_listed_twice(seeds: Seeds) -> tuple[str, int, str]:
    line = also(seeds, "tag_active", "days_since_last_order", "<=", "20")
    return "rule_conditions", len(seeds.read("rule_conditions")) + 1, f"is also on line {line}"


@plant
def one_tag_by_two_rules(seeds: Seeds) -> tuple[str, int, str]:
    return *rule(seeds, "tag_dealer", outcome_key="active_30d"), "gives active_30d as well"


@plant
def business_metric_for_consumers(seeds: Seeds) -> tuple[str, int, str]:
    rule(seeds, "tag_dealer", customer_type="consumer")
    place = condition(seeds, "tag_dealer", metric="contract_count", operator=">", value="1")
    return *place, "contract_count is about business customers only"


@plant
def stage_by_its_own_outcome(seeds: Seeds) -> tuple[str, int, str]:
    place = condition(seeds, "stage_at_risk", metric="tier_key", operator="=", value="A")
    return *place, "a lifecycle rule cannot use tier_key"


@plant
def tag_without_layer(seeds: Seeds) -> tuple[str, int, str]:
    return *rule(seeds, "tag_dealer", tag_layer=""), "the tag has no layer"


@plant
def high_scores_that_are_none(seeds: Seeds) -> tuple[str, int, str]:
    line = seeds.edit("policies", PLAIN, high_score_from="6")
    return "policies", line, "high_score_from 6 is not between 2 and 5"


@plant
def matrix_that_repeats_the_threshold_of_a_tier(seeds: Seeds) -> tuple[str, int, str]:
    condition(seeds, "tier_a", metric="value_amount", value="100000.0")
    place = condition(seeds, "matrix_cow", metric="value_amount", operator=">=", value="100000")
    return *place, "also the threshold of tier_a on line"


@plant
def tier_that_repeats_the_threshold_of_another(seeds: Seeds) -> tuple[str, int, str]:
    condition(seeds, "tier_b", metric="value_amount", value="50000")
    place = condition(seeds, "tier_c", metric="value_amount", operator="<", value="50000")
    return *place, "write tier_b in its place"


@plant
def threshold_of_a_tier_that_has_none(seeds: Seeds) -> tuple[str, int, str]:
    place = condition(seeds, "matrix_cow", metric="value_amount", operator=">=", value="tier_c")
    return *place, "the threshold tier_c of value_amount is no number"


@plant
def component_without_weight(seeds: Seeds) -> tuple[str, int, str]:
    line = seeds.edit("health_components", PLAIN, weight="0")
    return "health_components", line, "the row does not meet weight > 0"


@plant
def component_that_is_no_number(seeds: Seeds) -> tuple[str, int, str]:
    line = seeds.edit("health_components", PLAIN, metric="industry")
    return "health_components", line, "the metric industry is no number"


@plant
def type_without_components(seeds: Seeds) -> tuple[str, int, str]:
    seeds.delete("difficulty_components", **PLAIN, customer_type="consumer")
    line = len(seeds.read("difficulty_components")) + 1
    return "difficulty_components", line, "plain/consumer: the score has no component"


@plant
def playbook_without_audience(seeds: Seeds) -> tuple[str, int, str]:
    key = seeds.read("playbooks")[0]["playbook_key"]
    line = seeds.edit("playbooks", {"playbook_key": key}, audience_rule_key="audience_nobody")
    return "playbooks", line, "audience_nobody is no audience rule"


@plant
def playbook_without_steps(seeds: Seeds) -> tuple[str, int, str]:
    key = seeds.read("playbooks")[0]["playbook_key"]
    seeds.delete("playbook_steps", playbook_key=key)
    return "playbooks", 2, "the playbook has no step"


@plant
def history_by_what_only_today_knows(seeds: Seeds) -> tuple[str, int, str]:
    place = condition(seeds, "tier_b", metric="channel_type", operator="=", value="dealer")
    return *place, "channel_type is not known for past dates"


@plant
def audience_without_playbook(seeds: Seeds) -> tuple[str, int, str]:
    place = rule(seeds, "tag_dealer", rule_set="audience", outcome_key="rescue", tag_layer="")
    seeds.edit("rules", PLAIN | {"rule_key": "tag_dealer"}, priority="77")
    return *place, "no playbook addresses the audience"


@plant
def nine_core_tags(seeds: Seeds) -> tuple[str, int, str]:
    for number in range(3, 10):
        name, tag = f"tag_{number}", f"many_{number}"
        seeds.add("labels", outcome_key=tag, kind="tag", name_en=tag, name_zh=tag, meaning="Many")
        cells = PLAIN | {"customer_type": "any", "rule_set": "tag", "rule_key": name}
        line = seeds.add(
            "rules", **cells, outcome_key=tag, priority=f"{number}0", tag_layer="behaviour"
        )
        cells = PLAIN | {"rule_key": name, "condition_group": "1", "metric": "order_count"}
        seeds.add("rule_conditions", **cells, operator=">=", value=str(number))
    return "rules", line, "9 core tags"


@plant
def label_that_nobody_gets(seeds: Seeds) -> tuple[str, int, str]:
    line = seeds.add(
        "labels", outcome_key="E", kind="tier", name_en="E", name_zh="E类", meaning="None"
    )
    return "labels", line, "so it can never be reached"


@plant
def more_outcomes_than_playbooks(seeds: Seeds) -> tuple[str, int, str]:
    for row in seeds.read("rules"):
        if row["policy_key"] == "plain" and row["rule_set"] == "audience":
            also(seeds, row["rule_key"], "tier_key", "=", "A")
    line = seeds.line("rules", **PLAIN, rule_key="tier_b")
    return "rules", line, "playbooks act on 1 of them: none on B, C"


def test_a_playbook_of_one_policy_is_no_fault_of_another(seeds: Seeds) -> None:
    condition_of = {"metric": "order_count", "operator": ">=", "value": "9"}
    label = {"kind": "audience", "outcome_key": "fans", "name_en": "Fans", "name_zh": "忠实客户"}
    seeds.add("labels", **label, meaning="Ten orders", meaning_zh="十单")
    cells = PLAIN | {"rule_key": "audience_fans"}
    seeds.add(
        "rules",
        **cells,
        customer_type="any",
        rule_set="audience",
        outcome_key="fans",
        priority="90",
    )
    seeds.add("rule_conditions", **cells, condition_group="1", **condition_of)
    playbook = seeds.read("playbooks")[0] | {
        "playbook_key": "fans",
        "audience_rule_key": "audience_fans",
        "priority": "90",
    }
    seeds.add("playbooks", **playbook)
    seeds.add("playbook_steps", **(seeds.read("playbook_steps")[0] | {"playbook_key": "fans"}))
    assert [str(finding) for finding in seeds.lint()] == []


def test_a_condition_that_names_a_tier_rule_has_its_threshold(shipped: Judgements) -> None:
    (cow,) = (one for one in shipped.rules("default", "matrix") if one.key == "matrix_cow")
    assert str(cow.groups[0][0]) == "higher_value_share_rate < 0.8"


def test_the_plain_policy_has_no_finding(plain_seeds: Seeds) -> None:
    assert [str(finding) for finding in plain_seeds.lint("plain")] == []


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_fault_is_found(name: str, seeds: Seeds) -> None:
    seed, line, words = PLANTS[name](seeds)
    file = seeds.path(seed).relative_to(seeds.folder).as_posix()
    findings = seeds.lint("plain")
    lines = [str(finding) for finding in findings]
    found = [
        finding
        for finding in findings
        if finding.file == file and finding.line == line and words in str(finding)
    ]
    assert found, f"{file}:{line} {words!r} is not among\n" + "\n".join(lines)
    assert all(finding.subject for finding in findings)
    assert all(finding.said(part, "zh") for finding in findings for part in ("problem", "fix"))
    assert found[0].level == (WARNING if name in HARMLESS else ERROR)
