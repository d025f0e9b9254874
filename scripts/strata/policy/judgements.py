"""Policies, rules and conditions as the seeds hold them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import Any

from strata.errors import StrataError
from strata.project import Project
from strata.seeds import Row, Seed, read_seeds
from strata.warehouse.releases import Release
from strata.yaml_file import read_yaml

# Sets in which the first rule that fires decides; in the others every rule that fires counts.
FIRST_MATCH = ("lifecycle", "tier", "matrix", "health_band")
ORDERED = ("<", "<=", ">", ">=")
WITHOUT_VALUE = ("is_null", "is_not_null")
DIMENSIONS = ("recency", "frequency", "monetary")
# Key that SQL gives a customer without RFM scores.
NO_ORDER = "no_order"


def label_kind(rule_set: str) -> str:
    """Return the kind of `labels` that the outcomes of a rule set have."""
    return "lifecycle_stage" if rule_set == "lifecycle" else rule_set


def number(text: str) -> Decimal | None:
    """Return the number that a cell holds, None if it holds none or one of 16 digits or more."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    if not value.is_finite() or value.adjusted() > 14 or text != text.strip() or "_" in text:
        return None
    return value


@dataclass(frozen=True)
class Condition:
    """A row of rule_conditions; `value` is a number where its cell names a tier rule."""

    row: Row
    metric: str
    operator: str
    value: str

    @property
    def values(self) -> tuple[str, ...]:
        """The words compared with: several for `in`."""
        return tuple(self.value.split("|")) if self.operator == "in" else (self.value,)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.metric, self.operator, self.value)))


@dataclass(frozen=True)
class Rule:
    """A row of rules with its conditions by group, in the order of the group numbers.

    `path` is the policy and the key, as in default/tier_a; `order` is its place in its set, as the
    build ranks it.
    """

    row: Row
    groups: tuple[tuple[Condition, ...], ...]
    key: str
    path: str
    rule_set: str
    outcome: str
    order: tuple[Decimal, str]

    @property
    def own_places(self) -> list[str]:
        """File and line of each of its rows that a company wrote."""
        rows = (self.row, *(condition.row for group in self.groups for condition in group))
        return [place for row in rows for place in row.own_places]

    def applies_to(self, customer_type: str) -> bool:
        """Whether customers of a type are judged by the rule."""
        return self.row["customer_type"] in ("any", customer_type)


@dataclass(frozen=True)
class Judgements:
    """All that the seeds say about policies."""

    seeds: dict[str, Seed]
    variables: dict[str, Any]
    has_company: bool = False

    @classmethod
    def read(
        cls,
        project: Path,
        company: Path | None = None,
        variables: dict[str, Any] | None = None,
    ) -> Judgements:
        """Read the seeds of a project, as a company's folder changes them.

        The vars are those of dbt_project.yml unless others are given.

        Raises:
            StrataError: a file is missing or cannot be read, or changes a row that there is not.
        """
        seeds = read_seeds(project, company)
        needed = ("policies", "rules", "rule_conditions", "metrics", "labels")
        missing = [name for name in needed if name not in seeds]
        if missing:
            raise StrataError(f"no YAML in {project / 'seeds'} declares seed {', '.join(missing)}")
        if variables is None:
            variables = read_yaml(project / "dbt_project.yml").get("vars") or {}
        return cls(seeds, variables, company is not None and company.is_dir())

    @classmethod
    def of_project(cls, project: Project) -> Judgements:
        """Read what judges the next build."""
        return cls.read(project.folder, project.company_folder, project.variables)

    @classmethod
    def of_release(cls, release: Release) -> Judgements:
        """Read the seeds and vars that a release was built with.

        Those of the checkout if an older Strata made the release and kept none.
        """
        if not (release.folder / "seeds").is_dir():
            return cls.of_project(Project.find())
        return cls.read(release.folder, release.folder / "company", release.info["vars"])

    def rows(self, seed: str, **cells: str) -> list[Row]:
        """Return the rows of a seed whose cells are as given; none if there is no such seed."""
        rows = self.seeds[seed].rows if seed in self.seeds else ()
        return [row for row in rows if all(row[name] == value for name, value in cells.items())]

    @cached_property
    def policies(self) -> dict[str, Row]:
        """Rows of policies by key, the first of each."""
        return _first(self.rows("policies"), lambda row: row["policy_key"])

    @cached_property
    def metrics(self) -> dict[str, Row]:
        """Rows of metrics by name."""
        return _first(self.rows("metrics"), lambda row: row["metric"])

    @cached_property
    def labels(self) -> dict[tuple[str, str], Row]:
        """Rows of labels by kind and key, in the order of the file."""
        return _first(self.rows("labels"), lambda row: (row["kind"], row["outcome_key"]))

    @cached_property
    def customer_types(self) -> tuple[str, ...]:
        """Keys of the customer types."""
        return tuple(key for kind, key in self.labels if kind == "customer_type")

    @cached_property
    def rule_sets(self) -> tuple[str, ...]:
        """The sets that the YAML of rules allows, the first-match ones first."""
        allowed = [
            name
            for kind, arguments in self.seeds["rules"].tests
            if kind == "accepted_values" and arguments["column_name"] == "rule_set"
            for name in arguments["values"]
        ]
        return tuple(sorted(allowed, key=lambda name: name not in FIRST_MATCH))

    def is_number(self, metric: str) -> bool:
        """Whether a metric of the list is a number rather than a word."""
        return self.metrics[metric]["value_type"] == "number"

    def rules(self, policy: str, rule_set: str | None = None) -> list[Rule]:
        """Return the rules of a policy, or of one of its sets, in the order they are read in."""
        places = {name: place for place, name in enumerate(self.rule_sets)}
        return sorted(
            (
                rule
                for rule in self._rules
                if rule.row["policy_key"] == policy and rule_set in (None, rule.rule_set)
            ),
            key=lambda rule: (places.get(rule.rule_set, len(places)), rule.order),
        )

    def outcomes(self, policy: str, rule_set: str) -> list[str]:
        """Return the outcomes of a set in the order in which its rules are read."""
        return list(dict.fromkeys(rule.outcome for rule in self.rules(policy, rule_set)))

    @cached_property
    def _tier_numbers(self) -> dict[tuple[str, str, str], set[str]]:
        """The numbers in the conditions of tier rules by policy, rule and metric."""
        rules = self.rows("rules", rule_set="tier")
        tiers = {(row["policy_key"], row["rule_key"]) for row in rules}
        numbers: dict[tuple[str, str, str], set[str]] = {}
        for row in self.rows("rule_conditions"):
            policy, rule = row["policy_key"], row["rule_key"]
            if (policy, rule) in tiers and number(row["value"]) is not None:
                numbers.setdefault((policy, rule, row["metric"]), set()).add(row["value"])
        return numbers

    @cached_property
    def _rules(self) -> list[Rule]:
        groups: dict[tuple[str, str], dict[str, list[Condition]]] = {}
        for row in self.rows("rule_conditions"):
            policy, metric, value = row["policy_key"], row["metric"], row["value"]
            # A cell may name a tier rule in place of the one number that it compares with.
            numbers = self._tier_numbers.get((policy, value, metric), set())
            value = next(iter(numbers)) if len(numbers) == 1 else value
            group = groups.setdefault((policy, row["rule_key"]), {})
            condition = Condition(row, metric, row["operator"], value)
            group.setdefault(row["condition_group"], []).append(condition)
        rules = []
        for row in self.rows("rules"):
            policy, key = row["policy_key"], row["rule_key"]
            own = groups.get((policy, key), {})
            rules.append(
                Rule(
                    row,
                    tuple(tuple(own[name]) for name in sorted(own, key=lambda it: (len(it), it))),
                    key,
                    f"{policy}/{key}",
                    row["rule_set"],
                    row["outcome_key"],
                    (number(row["priority"]) or Decimal(0), key),
                )
            )
        return rules


def _first(rows: list[Row], key: Callable[[Row], Any]) -> dict[Any, Row]:
    """Return the first row of each key, in the order of the file."""
    found: dict[Any, Row] = {}
    for row in rows:
        found.setdefault(key(row), row)
    return found
