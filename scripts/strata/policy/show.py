"""What `strata policy list` and `strata policy show` say."""

from __future__ import annotations

from typing import Any

from strata.catalogue import say
from strata.policy.judgements import FIRST_MATCH, Judgements, label_kind
from strata.policy.phrasing import Phrasing
from strata.terminal import table


def listed(judgements: Judgements) -> list[dict[str, Any]]:
    """Return each policy with its names, what it is for, and its rules and outcomes by set."""
    return [
        {
            "policy_key": key,
            "name_en": row["name_en"],
            "name_zh": row["name_zh"],
            "description": row["description"],
            "is_chosen": key == judgements.variables.get("segmentation_policy"),
            "rules": {set_: len(judgements.rules(key, set_)) for set_ in judgements.rule_sets},
            "outcomes": {
                set_: len(judgements.outcomes(key, set_)) for set_ in judgements.rule_sets
            },
        }
        for key, row in judgements.policies.items()
    ]


def shown(judgements: Judgements, policy: str, language: str) -> dict[str, Any]:
    """Return a policy's rules by set, in order of evaluation, with words."""
    words = Phrasing(judgements, language)
    row = judgements.policies[policy]
    return {
        "policy_key": policy,
        "name": row[f"name_{language}"],
        "description": row["description" if language == "en" else "description_zh"],
        "language": language,
        "rule_sets": [
            {
                "rule_set": rule_set,
                "name": words.label("rule_set", rule_set),
                "is_first_match": rule_set in FIRST_MATCH,
                "rules": [
                    {
                        "rule_key": rule.key,
                        "customer_type": rule.row["customer_type"],
                        "customer_type_name": words.customer_type(rule.row["customer_type"]),
                        "outcome_key": rule.outcome,
                        "name": words.label(label_kind(rule_set), rule.outcome),
                        "tag_layer": rule.row["tag_layer"] or None,
                        "conditions": words.rule(rule),
                        "file": rule.row.file,
                        "line": rule.row.line,
                        "own_places": rule.own_places,
                    }
                    for rule in judgements.rules(policy, rule_set)
                ],
            }
            for rule_set in judgements.rule_sets
        ],
    }


def show_text(policy: dict[str, Any]) -> str:
    """Return the rules as lines for people."""
    language = policy["language"]
    lines = [f"{policy['policy_key']}: {policy['name']}", f"    {policy['description']}"]
    for rule_set in filter(lambda one: one["rules"], policy["rule_sets"]):
        rows = [
            [f"{place:>4}. {rule['name']}", say("show.conditions", language, rule=rule)]
            for place, rule in enumerate(rule_set["rules"], start=1)
        ]
        heading = say("show.rule_set", language, set=rule_set)
        lines += ["", heading, table(None, rows, text=[0, 1])]
    return "\n".join(lines)
