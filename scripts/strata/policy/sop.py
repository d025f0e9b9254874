"""The segmentation standard of a policy as a Markdown document in English or Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib.resources import files
from string import Template

from strata.policy.bands import bands_tables, cells_table, dimensions_table
from strata.policy.edition import edition
from strata.policy.markdown import table
from strata.policy.model import FIRST_MATCH, Judgements, Rule, label_kind, number
from strata.policy.seeds import Row
from strata.policy.texts import TEXTS
from strata.policy.words import Words, plain

AS_OF_DATE = re.compile(r"(the )?as_of_date")
WRAPPED = re.compile(r"(?<=[^\n|])\n(?=[^\n|#-])")
PLACEHOLDER = re.compile(r"\$(\w+)", re.ASCII)


def standard(judgements: Judgements, policy: str, language: str) -> str:
    """Return the standard; a section about what the policy does not have is left out.

    Args:
        judgements: The seeds, free of errors.
        policy: Key of the policy.
        language: en or zh.
    """
    parts = _Parts(judgements, policy, language)
    template = (files("strata.policy") / f"sop_{language}.md").read_text(encoding="utf-8")
    head, *sections = template.split("\n## ")
    written = [Template(head).substitute(parts.all())]
    for section in sections:
        names = set(PLACEHOLDER.findall(section))
        if all(parts.all()[name] for name in names - {"description"}):
            text = Template(section).substitute(parts.all())
            written.append(f"{len(written)}. {text}")
    text = re.sub(r"\n{3,}", "\n\n", "\n## ".join(written))
    # The lines of a paragraph become one: a break inside would show as a blank in Chinese.
    return WRAPPED.sub("" if language == "zh" else " ", text)


class _Parts:
    """What goes into the placeholders of the template."""

    def __init__(self, judgements: Judgements, policy: str, language: str) -> None:
        self.judgements = judgements
        self.policy = policy
        self.row = judgements.policies[policy]
        self.language = language
        self.words = Words(judgements, language)
        self.texts = TEXTS[language]
        self._all: dict[str, str] = {}

    def all(self) -> dict[str, str]:
        """Return every part by the name of its placeholder."""
        if not self._all:
            self._all = self._made()
        return self._all

    def _made(self) -> dict[str, str]:
        words, row = self.words, self.row
        sets = [name for name in self.judgements.rule_sets if name in FIRST_MATCH]
        sets = [name for name in sets if self.judgements.rules(self.policy, name)]
        return {
            "name": row[f"name_{self.language}"],
            "policy_key": self.policy,
            "edition": edition(self.judgements, self.policy),
            "description": self._sentence(self._localised(row, "description")),
            "customer_types": self._listed(
                words.customer_type(key).lower() for key in self.judgements.customer_types
            ),
            "single_sets": self._listed(
                [
                    *(words.label("rule_set", name).lower() for name in sets),
                    *self.texts["rfm_kinds"],
                ]
            ),
            "systems": self._listed(self._systems()),
            "metrics_table": self._metrics(),
            "definitions": self._definitions(),
            "tier_table": self._rules("tier"),
            "lifecycle_table": self._rules("lifecycle"),
            "matrix_table": self._matrix(),
            "tag_table": self._rules("tag"),
            "dimensions_table": dimensions_table(self.judgements, self.policy, words),
            "scoring": self._scoring(),
            "bands_tables": bands_tables(self.judgements, self.policy, words),
            "cells_table": cells_table(self.judgements, words),
            "segments_table": self._labels("rfm_segment"),
            "high_score_from": row["high_score_from"],
            "groups_table": self._groups(),
            "health_table": self._health(),
            "playbooks_table": self._playbooks(),
            "steps_table": self._steps(),
        }

    def _listed(self, names: Iterable[str]) -> str:
        listed = list(names)
        if len(listed) < 2:
            return "".join(listed)
        comma, last = self.texts["comma"], self.texts["last"]
        return f"{comma.join(listed[:-1])}{last}{listed[-1]}"

    def _sentence(self, text: str) -> str:
        """Return what a policy is for as a sentence, nothing if it is not said."""
        return f"{self.texts['in_brief']}{text}{self.texts['stop']}" if text else ""

    def _localised(self, row: Row, column: str) -> str:
        """Return a text of a seed in the language, empty if there is none."""
        own = f"{column}_{self.language}"
        return row[own] or (row[column] if self.language == "en" else "")

    def _used_metrics(self) -> list[str]:
        """Return the metrics that a rule, a score or the value of the policy rests on."""
        used = [self.row["value_metric"], self.row["consumer_value_metric"]]
        used += [
            condition.metric
            for rule in self.judgements.rules(self.policy)
            for group in rule.groups
            for condition in group
        ]
        for seed in ("rfm_dimensions", "difficulty_components", "health_components"):
            used += [row["metric"] for row in self.judgements.rows(seed, policy_key=self.policy)]
        computed = {f"{label_kind(name)}_key" for name in self.judgements.rule_sets}
        return [
            metric
            for metric in self.judgements.metrics
            if metric in used and metric not in computed and metric != "customer_type"
        ]

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

    def _metrics(self) -> str:
        rows = []
        for metric in self._used_metrics():
            row = self.judgements.metrics[metric]
            unit = self.words.unit(metric) or str(self.texts[row["unit"]])
            cells = [self.words.metric(metric), unit]
            definition = AS_OF_DATE.sub(
                "the day of the update", self._localised(row, "description")
            )
            rows.append([*cells, definition[:1].upper() + definition[1:]])
        return table(self.texts["metric_columns"], rows)

    def _definitions(self) -> str:
        value = self.words.metric(self.row["value_metric"])
        consumer = self.row["consumer_value_metric"]
        values = {
            "value": value,
            "consumer_value": self.words.metric(consumer) if consumer else value,
            "currency": self.words.label("currency", self.words.currency),
        }
        lines = list(self.texts["definitions"])
        if consumer and consumer != self.row["value_metric"]:
            lines[-1] = self.texts["two_values"]
        if self.row["rolls_up_to_parent"] == "true":
            lines[-1] += self.texts["whole_group"]
        return "\n".join(f"- {Template(line).substitute(values)}" for line in lines)

    def _rules(self, rule_set: str) -> str:
        rules = self.judgements.rules(self.policy, rule_set)
        has_types = any(rule.row["customer_type"] != "any" for rule in rules)
        has_layers = rule_set == "tag"
        columns = [self.texts["number"], self.texts["class"]]
        columns += [self.texts["layer"]] if has_layers else []
        columns += [self.texts["applies_to"]] if has_types else []
        columns += [self.texts["rule"], self.texts["meaning"]]
        rows = [
            self._rule(place, rule, has_layers, has_types) for place, rule in enumerate(rules, 1)
        ]
        return table(columns, rows)

    def _rule(self, place: int, rule: Rule, has_layers: bool, has_types: bool) -> list[str]:
        kind = label_kind(rule.rule_set)
        cells = [str(place), f"**{self.words.label(kind, rule.outcome)}**"]
        cells += [self.words.label("tag_layer", rule.row["tag_layer"])] if has_layers else []
        cells += [self.words.customer_type(rule.row["customer_type"])] if has_types else []
        return [*cells, self.words.rule(rule), self._meaning(kind, rule.outcome)]

    def _meaning(self, kind: str, key: str) -> str:
        row = self.judgements.labels.get((kind, key))
        return self._localised(row, "meaning") if row else ""

    def _labels(self, kind: str) -> str:
        rows = [
            [f"**{self.words.label(kind, key)}**", self._meaning(kind, key)]
            for label, key in self.judgements.labels
            if label == kind
        ]
        return table([self.texts["class"], self.texts["meaning"]], rows)

    def _groups(self) -> str:
        rows = [
            [
                self.texts["high"] if row[column] == "true" else self.texts["low"]
                for column in ("is_recency_high", "is_frequency_high", "is_monetary_high")
            ]
            + [f"**{self.words.label('rfm_group', row['rfm_group_key'])}**"]
            + [self._meaning("rfm_group", row["rfm_group_key"])]
            for row in self.judgements.rows("rfm_groups")
        ]
        return table(["R", "F", "M", self.texts["class"], self.texts["meaning"]], rows)

    def _scoring(self) -> str:
        """Say how the scores are cut."""
        values = {"buyers": self.row["minimum_buyers"], "days": self.row["minimum_history_days"]}
        window = self.row["rfm_window_days"]
        sentences = [str(self.texts[self.row["rfm_method"]])]
        sentences += [self.texts["window"]] if window else []
        return str(self.texts["between_sentences"]).join(
            Template(one).substitute(values | {"window": window}) for one in sentences
        )

    def _matrix(self) -> str:
        """Return the rules of the matrix and, below them, what makes a customer difficult."""
        components = self._components("difficulty", "easy_value", "hard_value")
        return "\n\n".join(filter(None, (self._rules("matrix"), components)))

    def _health(self) -> str:
        """Return the components of the health score and the rules that name its bands."""
        components = self._components("health", "worst_value", "best_value")
        return "\n\n".join(filter(None, (components, self._rules("health_band"))))

    def _components(self, score: str, first: str, last: str) -> str:
        """Return what a score of 0 to 100 is made of, empty if the policy has no such score."""
        rows = [
            [
                self.words.customer_type(row["customer_type"]),
                self.words.metric(row["metric"]),
                row["weight"],
                *(self.words.value(row["metric"], row[column]) for column in (first, last)),
            ]
            for row in self.judgements.rows(f"{score}_components", policy_key=self.policy)
        ]
        listed = table(self.texts[f"{score}_columns"], rows)
        return f"{self.texts[score]}\n\n{listed}" if rows else ""

    def _playbooks_in_order(self) -> Iterator[tuple[Row, Rule]]:
        rules = {rule.key: rule for rule in self.judgements.rules(self.policy, "audience")}
        for row in sorted(
            self.judgements.rows("playbooks"), key=lambda row: number(row["priority"]) or 0
        ):
            if row["audience_rule_key"] in rules:
                yield row, rules[row["audience_rule_key"]]

    def _playbooks(self) -> str:
        rows = []
        for row, rule in self._playbooks_in_order():
            share = number(row["control_share"]) or number("0")
            assert share is not None
            per_cent = f"{plain(share * 100)}{'' if self.language == 'zh' else ' '}%"
            rows.append(
                [
                    f"**{row[f'name_{self.language}']}**",
                    self.words.rule(rule),
                    self._localised(row, "objective"),
                    self.words.label("owner_role", row["owner_role"]),
                    self.words.label("channel", row["channel"]),
                    Template(self.texts["within"]).substitute(hours=row["service_level_hours"]),
                    Template(self.texts["pause"]).substitute(days=row["cooldown_days"]),
                    per_cent,
                ]
            )
        return table(self.texts["playbook_columns"], rows)

    def _steps(self) -> str:
        rows = []
        for playbook, _ in self._playbooks_in_order():
            key = playbook["playbook_key"]
            for step in self.judgements.rows("playbook_steps", playbook_key=key):
                rows.append(
                    [
                        playbook[f"name_{self.language}"],
                        Template(self.texts["day"]).substitute(day=step["day_offset"]),
                        self.words.label("channel", step["channel"]),
                        step[f"content_{self.language}"],
                    ]
                )
        return table(self.texts["step_columns"], rows)
