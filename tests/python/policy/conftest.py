"""A copy of the seeds with a small policy of its own, to plant faults in."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from strata.policy.checks import FINDING
from strata.policy.findings import Finding
from strata.policy.judgements import Judgements, label_kind
from strata.policy.lint import TESTS, lint
from strata.project import project_dir

PLAIN = "plain"
# rule set, rule, outcome, priority, tag layer and the condition of the only group
RULES = [
    ("lifecycle", "stage_lead", "lead", 10, "", "order_count", "=", "0"),
    ("lifecycle", "stage_at_risk", "at_risk", 20, "", "days_since_last_order", ">", "120"),
    ("lifecycle", "stage_established", "established", 30, "", "order_count", ">=", "1"),
    ("tier", "tier_a", "A", 10, "", "net_revenue_amount", ">=", "100000"),
    ("tier", "tier_b", "B", 20, "", "net_revenue_amount", ">=", "50000"),
    ("tier", "tier_c", "C", 30, "", "customer_type", "is_not_null", ""),
    ("tag", "tag_active", "active_30d", 10, "dynamic", "days_since_last_order", "<=", "30"),
    ("tag", "tag_dealer", "dealer", 20, "attribute", "channel_type", "=", "dealer"),
]
OWN_SETS = ("lifecycle", "tier", "tag", "audience")


@dataclass
class Seeds:
    """A folder with a project's seeds; rows are dictionaries, in the order of the file."""

    folder: Path

    def path(self, seed: str) -> Path:
        """Return the file of a seed."""
        (path,) = (self.folder / "seeds").glob(f"*/{seed}.csv")
        return path

    def read(self, seed: str) -> list[dict[str, str]]:
        """Return the rows of a seed."""
        with self.path(seed).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, seed: str, rows: list[dict[str, str]]) -> None:
        """Write the rows of a seed under its old header."""
        path = self.path(seed)
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, lineterminator="\n", restval="")
            writer.writeheader()
            writer.writerows(rows)

    def line(self, seed: str, **cells: str) -> int:
        """Return the line of the only row with these cells."""
        (number,) = [
            number
            for number, row in enumerate(self.read(seed), start=2)
            if all(row[column] == value for column, value in cells.items())
        ]
        return number

    def edit(self, seed: str, where: dict[str, str], **cells: str) -> int:
        """Change cells of the rows that fit; return the line of the first of them."""
        rows = self.read(seed)
        lines = []
        for number, row in enumerate(rows, start=2):
            if all(row[column] == value for column, value in where.items()):
                row.update(cells)
                lines.append(number)
        assert lines, f"no row of {seed} fits {where}"
        self.write(seed, rows)
        return lines[0]

    def add(self, seed: str, **cells: str) -> int:
        """Append a row; return its line."""
        rows = [*self.read(seed), cells]
        self.write(seed, rows)
        return len(rows) + 1

    def delete(self, seed: str, **where: str) -> int:
        """Delete the rows that fit; return how many they were."""
        rows = self.read(seed)
        kept = [
            row for row in rows if not all(row[column] == value for column, value in where.items())
        ]
        assert len(kept) < len(rows), f"no row of {seed} fits {where}"
        self.write(seed, kept)
        return len(rows) - len(kept)

    def keep(self, *policies: str) -> None:
        """Delete all other policies, and the labels that only they give."""
        for path in (self.folder / "seeds").glob("*/*.csv"):
            rows = self.read(path.stem)
            if rows and "policy_key" in rows[0]:
                self.write(path.stem, [row for row in rows if row["policy_key"] in policies])
        exceptions = self.read("lint_exceptions")
        kept = [row for row in exceptions if row["subject"].split("/")[0] in policies]
        self.write("lint_exceptions", kept)
        rules = self.read("rules")
        given = {(label_kind(row["rule_set"]), row["outcome_key"]) for row in rules}
        kinds = {kind for kind, _ in given}
        labels = [
            row
            for row in self.read("labels")
            if row["kind"] not in kinds or (row["kind"], row["outcome_key"]) in given
        ]
        self.write("labels", labels)

    def lint(self, *policies: str) -> list[Finding]:
        """Return the lint's findings."""
        return lint(Judgements.read(self.folder), policies)


def copied(folder: Path) -> Seeds:
    """Return a copy of the shipped seeds in a folder."""
    shutil.copytree(project_dir() / "seeds", folder / "seeds")
    for part in (TESTS, FINDING.parent):
        shutil.copytree(project_dir() / part, folder / part)
    shutil.copy(project_dir() / "dbt_project.yml", folder)
    return Seeds(folder)


@pytest.fixture(scope="session")
def shipped() -> Judgements:
    """The seeds as they are shipped."""
    return Judgements.read(project_dir())


@pytest.fixture(scope="session")
def plain_seeds(tmp_path_factory: pytest.TempPathFactory) -> Seeds:
    """Policies `default` and `plain`: three stages, three tiers, two tags; not to be changed."""
    seeds = copied(tmp_path_factory.mktemp("plain"))
    seeds.keep("default")
    own = {
        row["rule_key"]
        for row in seeds.read("rules")
        if row["policy_key"] == "default" and row["rule_set"] in OWN_SETS
    }
    for path in (seeds.folder / "seeds").glob("*/*.csv"):
        rows = seeds.read(path.stem)
        if not rows or "policy_key" not in rows[0]:
            continue
        # All other rules of the default policy hold for the plain one too.
        copies = [
            row | {"policy_key": PLAIN}
            for row in rows
            if row["policy_key"] == "default" and row.get("rule_key") not in own
        ]
        seeds.write(path.stem, [*rows, *copies])
    # The plain tiers are cut by another metric than the matrix, which has its own threshold.
    matrix = {"policy_key": PLAIN, "metric": "higher_value_share_rate", "value": "tier_a"}
    seeds.edit("rule_conditions", matrix, value="0.8")
    for rule_set, key, outcome, priority, layer, metric, operator, value in RULES:
        _add_rule(seeds, rule_set, key, outcome, priority, layer)
        _add_condition(seeds, key, metric, operator, value)
    for number, playbook in enumerate(seeds.read("playbooks"), start=1):
        audience = next(
            row for row in seeds.read("rules") if row["rule_key"] == playbook["audience_rule_key"]
        )
        key, outcome = audience["rule_key"], audience["outcome_key"]
        _add_rule(seeds, "audience", key, outcome, number, "")
        _add_condition(seeds, key, "order_count", ">=", str(number - 1))
    return seeds


@pytest.fixture
def seeds(plain_seeds: Seeds, tmp_path: Path) -> Seeds:
    """A copy of the seeds with policy `plain`, to do anything with."""
    shutil.copytree(plain_seeds.folder, tmp_path / "project")
    return Seeds(tmp_path / "project")


def _add_rule(
    seeds: Seeds, rule_set: str, key: str, outcome: str, priority: int, layer: str
) -> None:
    seeds.add(
        "rules",
        policy_key=PLAIN,
        customer_type="any",
        rule_set=rule_set,
        rule_key=key,
        outcome_key=outcome,
        priority=str(priority),
        tag_layer=layer,
    )


def _add_condition(seeds: Seeds, key: str, metric: str, operator: str, value: str) -> None:
    seeds.add(
        "rule_conditions",
        policy_key=PLAIN,
        rule_key=key,
        condition_group="1",
        metric=metric,
        operator=operator,
        value=value,
    )
