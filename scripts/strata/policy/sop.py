"""The segmentation standard of a policy as a Markdown document in English or Chinese."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from strata.catalogue import document, say
from strata.policy.judgements import DIMENSIONS, FIRST_MATCH, Judgements, Rule, label_kind, number
from strata.policy.phrasing import Phrasing
from strata.policy.seeds import JUDGED, Row

AS_OF_DATE = re.compile(r"(the )?as_of_date")
HEADING = re.compile(r"^## ", re.MULTILINE)
WRAPPED = re.compile(r"(?<=[^\n|])\n(?=[^\n|#-])")
SCORES = ("5", "4", "3", "2", "1")
Table = list[list[str]]
# Seeds whose rows name the metrics that a policy judges by.
MEASURING = ("rule_conditions", "rfm_dimensions", "difficulty_components", "health_components")


def standard(judgements: Judgements, policy: str, language: str) -> str:
    """Return the standard; a section about what the policy does not have is left out."""
    values = _Parts(judgements, policy, language).values()
    numbers = iter(range(1, 100))
    text = document("sop", language, table=_table, **values)
    text = re.sub(r"\n{3,}", "\n\n", HEADING.sub(lambda _: f"## {next(numbers)}. ", text))
    # The lines of a paragraph become one: a break inside would show as a blank in Chinese.
    return WRAPPED.sub("" if language == "zh" else " ", text)


def edition(judgements: Judgements, policy: str) -> str:
    """Return eight hex digits that change with any rule, threshold, label or playbook."""
    content = [
        (seed.name, list(row.cells.items()))
        for seed in judgements.seeds.values()
        if seed.folder in JUDGED and seed.name != "metric_invariants"
        for row in seed.rows
        if row.cells.get("policy_key", policy) == policy
    ]
    text = json.dumps(sorted(content), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _table(headings: str, rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; a column that is empty throughout is left out."""
    columns = headings.split(" | ")
    kept = [place for place in range(len(columns)) if any(row[place] for row in rows)]
    lines = [[columns[place] for place in kept], ["---"] * len(kept)]
    lines += [[row[place].replace("|", "\\|") for place in kept] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


class _Parts:
    """The values of the template; a table is a list of rows."""

    def __init__(self, judgements: Judgements, policy: str, language: str) -> None:
        self.judgements = judgements
        self.policy = policy
        self.row = judgements.policies[policy]
        self.language = language
        self.words = Phrasing(judgements, language)

    def values(self) -> dict[str, Any]:
        """Return every value by its name in the template."""
        words, judgements = self.words, self.judgements
        rules = {name: self._rules(name) for name in judgements.rule_sets}
        sets = [name for name in rules if name in FIRST_MATCH and rules[name]]
        return {
            "policy": self.row.cells,
            "name": self.row[f"name_{self.language}"],
            "edition": edition(judgements, self.policy),
            "description": self._localised(self.row, "description"),
            "customer_types": [
                words.customer_type(key).lower() for key in judgements.customer_types
            ],
            "single_sets": [words.label("rule_set", name).lower() for name in sets],
            "systems": self._systems(),
            "metrics": self._metrics(),
            "metric": words.metric,
            "currency": words.label("currency", words.currency),
            "rules": rules,
            "difficulty": self._components("difficulty", "easy_value", "hard_value"),
            "health": self._components("health", "worst_value", "best_value"),
            "dimensions": self._dimensions(),
            "dimension_names": [words.label("rfm_dimension", name) for name in DIMENSIONS],
            "bands": [
                (words.customer_type(key), self._bands(key)) for key in judgements.customer_types
            ],
            "cells": self._cells(),
            "segments": [
                self._named(kind, key) for kind, key in judgements.labels if kind == "rfm_segment"
            ],
            "groups": self._groups(),
            "playbooks": [self._playbook(*one) for one in self._playbooks()],
            "steps": self._steps(),
        }

    def _say(self, key: str, **values: object) -> str:
        return say(f"sop.{key}", self.language, **values)

    def _localised(self, row: Row, column: str) -> str:
        """Return a text of a seed in the language, empty if there is none."""
        own = f"{column}_{self.language}"
        return row[own] or (row[column] if self.language == "en" else "")

    def _named(self, kind: str, key: str) -> list[str]:
        """Return the cells that name a label and say what it means."""
        row = self.judgements.labels.get((kind, key))
        return [
            f"**{self.words.label(kind, key)}**",
            self._localised(row, "meaning") if row else "",
        ]

    def _used_metrics(self) -> list[str]:
        """Return the metrics that a rule, a score or the value of the policy rests on."""
        used = {self.row["value_metric"], self.row["consumer_value_metric"]}
        for seed in MEASURING:
            used |= {row["metric"] for row in self.judgements.rows(seed, policy_key=self.policy)}
        used -= {f"{label_kind(name)}_key" for name in self.judgements.rule_sets}
        return [metric for metric in self.judgements.metrics if metric in used - {"customer_type"}]

    def _systems(self) -> list[str]:
        tables = {"erp_orders"}
        for metric in self._used_metrics():
            tables.update(self.judgements.metrics[metric]["needs"].split())
        found = {name.split("_")[0] for name in tables}
        return [
            self.words.label(kind, key)
            for kind, key in self.judgements.labels
            if kind == "source_system" and key in found
        ]

    def _metrics(self) -> Table:
        rows = []
        for metric in self._used_metrics():
            row = self.judgements.metrics[metric]
            unit = self.words.unit(metric) or self._say(f"unit.{row['unit']}")
            text = self._localised(row, "description")
            definition = AS_OF_DATE.sub(self._say("update_day"), text)
            rows.append([self.words.metric(metric), unit, definition[:1].upper() + definition[1:]])
        return rows

    def _rules(self, rule_set: str) -> Table:
        rules = self.judgements.rules(self.policy, rule_set)
        has_types = any(rule.row["customer_type"] != "any" for rule in rules)
        rows = []
        for place, rule in enumerate(rules, start=1):
            label, meaning = self._named(label_kind(rule_set), rule.outcome)
            layer = rule.row["tag_layer"] and self.words.label("tag_layer", rule.row["tag_layer"])
            who = self.words.customer_type(rule.row["customer_type"]) if has_types else ""
            rows.append([str(place), label, layer, who, self.words.rule(rule), meaning])
        return rows

    def _groups(self) -> Table:
        return [
            [
                self._say("high" if row[f"is_{name}_high"] == "true" else "low")
                for name in DIMENSIONS
            ]
            + self._named("rfm_group", row["rfm_group_key"])
            for row in self.judgements.rows("rfm_groups")
        ]

    def _components(self, score: str, first: str, last: str) -> Table:
        """Return what a score of 0 to 100 is made of, empty if the policy has no such score."""
        return [
            [
                self.words.customer_type(row["customer_type"]),
                self.words.metric(row["metric"]),
                row["weight"],
                *(self.words.value(row["metric"], row[column]) for column in (first, last)),
            ]
            for row in self.judgements.rows(f"{score}_components", policy_key=self.policy)
        ]

    def _dimensions(self) -> Table:
        return [
            [
                self.words.customer_type(customer_type),
                self.words.label("rfm_dimension", dimension),
                self.words.metric(row["metric"]),
                row["weight"],
            ]
            for customer_type in self.judgements.customer_types
            for dimension in DIMENSIONS
            for row in self._of_dimension("rfm_dimensions", customer_type, dimension)
        ]

    def _of_dimension(self, seed: str, customer_type: str, dimension: str) -> list[Row]:
        keys = {"policy_key": self.policy, "customer_type": customer_type, "dimension": dimension}
        return self.judgements.rows(seed, **keys)

    def _bands(self, customer_type: str) -> Table:
        """Return the values of each score in words, as in 31 to 90 days or from 500,000 CNY."""
        said: dict[tuple[str, str], str] = {}
        for dimension in DIMENSIONS:
            metrics = self._of_dimension("rfm_dimensions", customer_type, dimension)
            bands = self._of_dimension("rfm_bands", customer_type, dimension)
            bands.sort(key=lambda row: Decimal(row["lower_bound"]))
            for row, following in pairwise([*bands, None]):
                if metrics and row is not None:
                    high = following["lower_bound"] if following else ""
                    text = self._band(metrics[0]["metric"], row["lower_bound"], high)
                    said[row["score"], dimension] = text
        return [[score, *(said.get((score, name), "") for name in DIMENSIONS)] for score in SCORES]

    def _band(self, metric: str, low: str, high: str) -> str:
        """Return the values from one bound to below the next, which is empty for the last band."""
        words = self.words
        if not high:
            return self._say("band.last", low=words.value(metric, low))
        first, end = Decimal(low), Decimal(high)
        if words.is_whole(metric) and end - first == 1:
            return words.value(metric, low)
        is_whole = words.is_whole(metric)
        # The unit stands once, or twice where Chinese counts in ten thousands.
        with_unit = self.language == "zh" and not is_whole
        return self._say(
            "band.whole" if is_whole else "band.below",
            low=words.value(metric, low, with_unit),
            high=words.value(metric, str(end - 1) if is_whole else high),
        )

    def _cells(self) -> Table:
        """Return the segment of each cell: a row for each R and F, a column for each M."""
        segments = {
            tuple(row[f"{name}_score"] for name in DIMENSIONS): row["rfm_segment_key"]
            for row in self.judgements.rows("rfm_segments")
        }
        return [
            [f"R{recency} F{frequency}"]
            + [
                self.words.label("rfm_segment", segments.get((recency, frequency, monetary), ""))
                for monetary in SCORES
            ]
            for recency in SCORES
            for frequency in SCORES
        ]

    def _playbooks(self) -> Iterator[tuple[Row, Rule]]:
        rules = {rule.key: rule for rule in self.judgements.rules(self.policy, "audience")}
        rows = self.judgements.rows("playbooks")
        for row in sorted(rows, key=lambda row: number(row["priority"]) or 0):
            if row["audience_rule_key"] in rules:
                yield row, rules[row["audience_rule_key"]]

    def _playbook(self, row: Row, rule: Rule) -> list[str]:
        return [
            f"**{row[f'name_{self.language}']}**",
            self.words.rule(rule),
            self._localised(row, "objective"),
            self.words.label("owner_role", row["owner_role"]),
            self.words.label("channel", row["channel"]),
            self._say("within", hours=row["service_level_hours"]),
            self._say("pause", days=row["cooldown_days"]),
            self._say("share", rate=number(row["control_share"]) or 0),
        ]

    def _steps(self) -> Table:
        return [
            [
                playbook[f"name_{self.language}"],
                self._say("day", day=step["day_offset"]),
                self.words.label("channel", step["channel"]),
                step[f"content_{self.language}"],
            ]
            for playbook, _ in self._playbooks()
            for step in self.judgements.rows(
                "playbook_steps", playbook_key=playbook["playbook_key"]
            )
        ]
