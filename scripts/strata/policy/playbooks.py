"""Checks of playbooks against the audiences of the policies, and of the people who work on them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from strata.policy.facts import condition_values
from strata.policy.findings import WARNING, Finding, at
from strata.policy.judgements import FIRST_MATCH, Judgements, Rule, label_kind, number
from strata.policy.rules import broken
from strata.policy.seeds import Row
from strata.policy.values import Values


def check_playbooks(judgements: Judgements, policies: list[str]) -> Iterator[Finding]:
    """Yield playbooks that reach nobody, and outcomes and audiences that no playbook serves."""
    playbooks = judgements.rows("playbooks")
    used = {row["audience_rule_key"] for row in playbooks}
    audiences = {
        policy: {rule.key for rule in judgements.rules(policy, "audience")}
        for policy in judgements.policies
    }
    for row in playbooks:
        key, wanted = row["playbook_key"], row["audience_rule_key"]
        if not any(wanted in keys for keys in audiences.values()):
            problem = f"{wanted} is no audience rule of any policy"
            yield at(row, "audience", key, problem, "correct the spelling or add the rule")
        yield from _steps(judgements, row)
        yield from _owners(judgements, row)
    for former, row in pairwise(sorted(playbooks, key=lambda row: number(row["priority"]) or 0)):
        if former["priority"] == row["priority"]:
            problem = (
                f"the priority {row['priority']} is also that of {former['playbook_key']} on line "
                f"{former.line}"
            )
            yield at(row, "priority", row["playbook_key"], problem, "give each its own")
    for policy in policies:
        for rule in judgements.rules(policy, "audience"):
            if rule.key not in used:
                fix = "add a playbook for it to playbooks.csv or delete the rule"
                problem = "no playbook addresses the audience"
                yield at(rule.row, "audience", f"{policy}/{rule.key}", problem, fix, level=WARNING)
        yield from _unserved(judgements, policy, used)


def _steps(judgements: Judgements, playbook: Row) -> Iterator[Finding]:
    key = playbook["playbook_key"]
    steps = judgements.rows("playbook_steps", playbook_key=key)
    if not steps:
        fix = "add what is done on which day to playbook_steps.csv"
        yield at(playbook, "steps", key, "the playbook has no step", fix)
    ordered = sorted(steps, key=lambda step: number(step["step_number"]) or Decimal(0))
    for former, step in pairwise(ordered):
        if former["step_number"] == step["step_number"]:
            problem = f"step {step['step_number']} is also on line {former.line}"
            yield at(step, "steps", key, problem, "number the steps 1, 2, 3 and so on")
        before, after = number(former["day_offset"]), number(step["day_offset"])
        if before is not None and after is not None and after < before:
            problem = f"day {after} of step {step['step_number']} is before that of the step before"
            yield at(step, "steps", key, problem, "let the days rise with the steps")


def _owners(judgements: Judgements, playbook: Row) -> Iterator[Finding]:
    role = playbook["owner_role"]
    owners = judgements.rows("owners", owner_role=role)
    if not owners:
        return  # the role itself is unknown, which is said with the other references
    active = {row["customer_type"] for row in owners if row["is_active"] == "true"}
    for customer_type in judgements.customer_types:
        if not active & {"any", customer_type}:
            problem = f"nobody in owners.csv is an active {role} for {customer_type} customers"
            fix = "add an owner or activate one"
            name = playbook["playbook_key"]
            yield at(playbook, "owners", name, problem, fix, level=WARNING)


def _unserved(judgements: Judgements, policy: str, used: set[str]) -> Iterator[Finding]:
    """Yield the sets of a policy with more outcomes than the playbooks can act on."""
    audiences = [rule for rule in judgements.rules(policy, "audience") if rule.key in used]
    for rule_set in judgements.rule_sets:
        metric = f"{label_kind(rule_set)}_key"
        outcomes = judgements.outcomes(policy, rule_set)
        if rule_set not in FIRST_MATCH or metric not in judgements.metrics:
            continue
        idle = [
            outcome
            for outcome in outcomes
            if not any(_may_hold(judgements, rule, metric, outcome) for rule in audiences)
        ]
        if idle:
            rule = next(
                rule for rule in judgements.rules(policy, rule_set) if rule.outcome == idle[0]
            )
            problem = (
                f"{len(outcomes)} outcomes, but playbooks act on {len(outcomes) - len(idle)} of "
                f"them: none on {', '.join(idle)}"
            )
            fix = (
                "merge outcomes, add an audience with a playbook, or say why in lint_exceptions.csv"
            )
            yield at(rule.row, "more_outcomes", f"{policy}/{rule_set}", problem, fix, level=WARNING)


def _may_hold(judgements: Judgements, rule: Rule, metric: str, outcome: str) -> bool:
    """Whether a customer with an outcome can be in the audience of a rule."""
    wanted = Values(words=frozenset([outcome]))
    return any(
        all(
            condition.metric != metric
            or broken(judgements, condition)
            or wanted.within(condition_values(judgements, condition))
            for condition in group
        )
        for group in rule.groups
    )
