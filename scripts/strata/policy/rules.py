"""Checks of rules and conditions one by one and against each other, without any search."""

from __future__ import annotations

from collections.abc import Iterator

from strata.policy.facts import outcomes_of
from strata.policy.findings import ERROR, WARNING, Finding, at
from strata.policy.judgements import (
    FIRST_MATCH,
    FIRST_STAGE,
    OPERATORS,
    ORDERED,
    SECOND_STAGE,
    WITHOUT_VALUE,
    Condition,
    Judgements,
    Rule,
    label_kind,
    number,
)
from strata.policy.seeds import Row

TAG_LAYERS = ("attribute", "behaviour", "predicted", "dynamic")
CORE_TAGS = 8
# What tiers are cut by; a threshold of one of these is a judgement that stands once.
VALUE_METRICS = ("value_amount", "higher_value_share_rate", "value_percentile_rate", "rfm_score")


def check_rules(judgements: Judgements, policies: list[str]) -> Iterator[Finding]:
    """Yield what is wrong with the rules of the given policies."""
    yield from _orphans(judgements, policies)
    for policy in policies:
        rules = judgements.rules(policy)
        for rule in rules:
            yield from _rule(judgements, rule)
            for group in rule.groups:
                for condition in group:
                    yield from _condition(judgements, rule, condition)
        yield from _missing_sets(judgements, policy)
        yield from _priorities(judgements, rules)
        yield from _same_outcomes(judgements, rules)
        yield from _repeated(judgements, rules)
        yield from _core_tags(judgements, policy)


def broken(judgements: Judgements, condition: Condition) -> bool:
    """Whether a condition cannot be read, so that nothing can be concluded from it."""
    if condition.metric not in judgements.metrics or condition.operator not in OPERATORS:
        return True
    if condition.operator in WITHOUT_VALUE:
        return False
    if judgements.is_number(condition.metric):
        return condition.operator == "in" or number(condition.value) is None
    return condition.operator in ORDERED or not condition.value


def _name(rule: Rule) -> str:
    return f"{rule.row['policy_key']}/{rule.key}"


def _rule(judgements: Judgements, rule: Rule) -> Iterator[Finding]:
    if not rule.groups:
        fix = "add a row for it to rule_conditions.csv or delete the rule"
        yield at(rule.row, "no_conditions", _name(rule), "the rule has no conditions", fix)
    kind = label_kind(rule.rule_set)
    if rule.rule_set in judgements.rule_sets and (kind, rule.outcome) not in judgements.labels:
        problem = f"{rule.outcome} is no {kind} in labels.csv"
        yield at(rule.row, "labels", _name(rule), problem, "correct the spelling or add the label")
    layer = rule.row["tag_layer"]
    if rule.rule_set == "tag" and layer not in TAG_LAYERS:
        problem = f"the tag layer {layer} is unknown" if layer else "the tag has no layer"
        yield at(rule.row, "tag_layer", _name(rule), problem, f"use one of {', '.join(TAG_LAYERS)}")
    if rule.rule_set != "tag" and layer:
        fix = "empty tag_layer: it is for tags only"
        yield at(rule.row, "tag_layer", _name(rule), f"a {rule.rule_set} rule has a tag layer", fix)


def _condition(judgements: Judgements, rule: Rule, condition: Condition) -> Iterator[Finding]:
    row, metric, operator = condition.row, condition.metric, condition.operator

    def found(check: str, problem: str, fix: str, level: str = ERROR) -> Finding:
        return at(row, check, _name(rule), problem, fix, level=level)

    if operator not in OPERATORS:
        problem = f"the operator {operator} is unknown"
        yield found("operator", problem, f"use one of {' '.join(OPERATORS)}")
        return
    if metric not in judgements.metrics:
        return  # the column is checked with the others
    if operator in WITHOUT_VALUE:
        if condition.value:
            yield found("value", f"{operator} takes no value", "empty the cell")
    elif not condition.value:
        yield found("value", f"{metric} {operator} lacks a value", "write what to compare with")
    elif judgements.is_number(metric):
        if operator == "in":
            fix = "write one condition group for each value"
            yield found("value", f"{metric} is a number, which `in` cannot compare", fix)
        elif number(condition.value) is None:
            fix = (
                "write digits only, with a point before decimals, or the key of a tier rule that "
                f"compares {metric} with one number"
            )
            yield found("value", f"the threshold {condition.value} of {metric} is no number", fix)
    elif operator in ORDERED:
        fix = "use = != in is_null or is_not_null"
        yield found("operator", f"{metric} is a word, which {operator} cannot compare", fix)
    else:
        yield from _words(judgements, rule, condition)
    applies_to = judgements.metrics[metric]["applies_to"]
    wanted = rule.row["customer_type"]
    if wanted not in ("any", applies_to) and applies_to != "any":
        fix = f"make the rule one for {applies_to}, or judge by another metric"
        yield found("applies_to", f"{metric} is about {applies_to} customers only", fix)
    if rule.rule_set in FIRST_STAGE and metric in SECOND_STAGE:
        fix = "name what it stands for instead"
        yield found("stage", f"a {rule.rule_set} rule cannot use {metric}", fix)
    elif metric == f"{label_kind(rule.rule_set)}_key":
        yield found("stage", f"a {rule.rule_set} rule cannot use its own {metric}", "use a metric")
    if rule.rule_set in FIRST_STAGE and judgements.metrics[metric]["is_as_of_safe"] == "false":
        problem = f"{metric} is not known for past dates, where the rule can then not fire as today"
        fix = "judge by a metric that is_as_of_safe, or accept that the history differs"
        yield found("history", problem, fix, WARNING)


def _words(judgements: Judgements, rule: Rule, condition: Condition) -> Iterator[Finding]:
    """Check the words that a condition compares with against those that there are."""
    metric, kind = condition.metric, condition.metric.removesuffix("_key")
    known = outcomes_of(judgements, rule.row["policy_key"], metric)
    source = "the policy gives"
    if known is None:
        known = [row["value"] for row in judgements.rows("value_aliases", value_kind=metric)]
        source = "value_aliases.csv has"
    for value in condition.values:
        # A label of another policy does no harm beside others in a list.
        is_spare = len(condition.values) > 1 and (kind, value) in judgements.labels
        if known and value not in known and not is_spare:
            problem = f"{metric} is never {value or 'empty'}"
            fix = f"use one that {source}: {', '.join(dict.fromkeys(known))}"
            yield at(condition.row, "words", _name(rule), problem, fix)
    if len(set(condition.values)) < len(condition.values):
        problem = f"the list {condition.value} names a word twice"
        yield at(condition.row, "duplicate", _name(rule), problem, "name each once")


def _orphans(judgements: Judgements, policies: list[str]) -> Iterator[Finding]:
    """Yield conditions of rules that do not exist, and conditions listed twice."""
    rules = {(row["policy_key"], row["rule_key"]) for row in judgements.rows("rules")}
    first: dict[tuple[str, ...], Row] = {}
    for row in judgements.rows("rule_conditions"):
        policy, rule = row["policy_key"], row["rule_key"]
        if policy in judgements.policies and policy not in policies:
            continue
        if (policy, rule) not in rules:
            fix = "correct the spelling, add the rule or delete the condition"
            problem = "there is no such rule in rules.csv"
            yield at(row, "orphan", f"{policy}/{rule}", problem, fix)
        names = ("policy_key", "rule_key", "condition_group", "metric", "operator")
        key = tuple(row[name] for name in names)
        other = first.setdefault(key, row)
        if other is not row:
            problem = f"{row['metric']} {row['operator']} is also on line {other.line}"
            fix = "keep the stricter of the two, or put them into different groups"
            yield at(row, "duplicate", f"{policy}/{rule}", problem, fix)


def _missing_sets(judgements: Judgements, policy: str) -> Iterator[Finding]:
    """Yield customer types for which a set that must decide has no rule."""
    for rule_set in judgements.rule_sets:
        if rule_set not in FIRST_MATCH:
            continue
        rules = judgements.rules(policy, rule_set)
        for customer_type in judgements.customer_types:
            if not any(rule.applies_to(customer_type) for rule in rules):
                problem = f"no {rule_set} rule applies to {customer_type} customers"
                fix = f"add rules for {customer_type} or any"
                place = rules[-1].row if rules else judgements.policies[policy]
                yield at(place, "missing_set", f"{policy}/{rule_set}", problem, fix)


def _priorities(judgements: Judgements, rules: list[Rule]) -> Iterator[Finding]:
    """Yield rules of one set that judge the same customers with the same priority."""
    for position, rule in enumerate(rules):
        for other in rules[:position]:
            shared = [
                name
                for name in judgements.customer_types
                if rule.applies_to(name) and other.applies_to(name)
            ]
            same = rule.row["priority"] == other.row["priority"]
            if rule.rule_set == other.rule_set and same and shared:
                problem = (
                    f"the priority {rule.row['priority']} is also that of {other.key} on line "
                    f"{other.row.line}, for {' and '.join(shared)} customers"
                )
                fix = "give each rule of a set its own"
                yield at(rule.row, "priority", _name(rule), problem, fix)


def _same_outcomes(judgements: Judgements, rules: list[Rule]) -> Iterator[Finding]:
    """Yield rules of a set where all count that give one customer the same outcome twice."""
    first: dict[tuple[str, str, str], Rule] = {}
    for rule in rules:
        if rule.rule_set in FIRST_MATCH:
            continue
        for customer_type in judgements.customer_types:
            if not rule.applies_to(customer_type):
                continue
            other = first.setdefault((rule.rule_set, rule.outcome, customer_type), rule)
            if other is not rule:
                problem = f"{other.key} on line {other.row.line} gives {rule.outcome} as well"
                fix = "write one rule with two condition groups"
                yield at(rule.row, "same_outcome", _name(rule), problem, fix)
                break


def _repeated(judgements: Judgements, rules: list[Rule]) -> Iterator[Finding]:
    """Yield conditions that write the threshold of a tier a second time instead of naming it."""
    written = [
        (rule, condition, value)
        for rule in rules
        for group in rule.groups
        for condition in group
        for value in [number(condition.row["value"])]
        if condition.metric in VALUE_METRICS and value
    ]
    tiers = [place for place in written if place[0].rule_set == "tier"]
    for rule, condition, value in written:
        for tier, other, threshold in tiers:
            if tier is rule:
                break  # the first of the tiers is where the number belongs
            if (condition.metric, value) == (other.metric, threshold) and any(
                rule.applies_to(name) and tier.applies_to(name)
                for name in judgements.customer_types
            ):
                problem = (
                    f"{value} of {condition.metric} is also the threshold of {tier.key} on line "
                    f"{other.row.line}"
                )
                fix = f"write {tier.key} in its place, so that it is changed once"
                yield at(condition.row, "repeated", _name(rule), problem, fix, level=WARNING)
                break


def _core_tags(judgements: Judgements, policy: str) -> Iterator[Finding]:
    tags = judgements.outcomes(policy, "tag")
    if len(tags) > CORE_TAGS:
        ninth = next(
            rule for rule in judgements.rules(policy, "tag") if rule.outcome == tags[CORE_TAGS]
        )
        problem = f"the policy has {len(tags)} core tags, of which people use {CORE_TAGS} at most"
        fix = "delete or merge those that nobody acts on"
        yield at(ninth.row, "core_tags", policy, problem, fix, level=WARNING)
