"""Faults made at random in the shipped seeds are found, each at the row that was broken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from strata.policy.findings import Finding
from strata.policy.judgements import Judgements
from strata.policy.lint import lint

from .conftest import Seeds, copied

Row = dict[str, str]
# A mutation returns the seed, and the line or, for a deleted row, words of the finding.
Broken = tuple[str, int | str]
ORDERED = ("<", "<=", ">", ">=")


def drawn(
    seeds: Seeds, random: Random, seed: str, fits: Callable[[Row], bool] = lambda row: True
) -> tuple[list[Row], int]:
    """Return the rows of a seed and the position of one that fits, drawn at random."""
    rows = seeds.read(seed)
    return rows, random.choice([number for number, row in enumerate(rows) if fits(row)])


def misspelt(column: str, seed: str) -> Callable[[Seeds, Random], Broken]:
    """Return a mutation that misspells one cell of a column that must name something."""

    def mutate(seeds: Seeds, random: Random) -> Broken:
        rows, number = drawn(seeds, random, seed, lambda row: bool(row[column]))
        word = list(rows[number][column])
        word.insert(random.randrange(len(word) + 1), random.choice("xyz"))
        rows[number][column] = "".join(word)
        seeds.write(seed, rows)
        return seed, number + 2

    return mutate


def threshold_to_word(seeds: Seeds, random: Random) -> Broken:
    seed = "rule_conditions"
    rows, number = drawn(seeds, random, seed, lambda row: row["operator"] in ORDERED)
    rows[number]["value"] = random.choice(["many", "1e", "12 days", "50%", "", "1,000"])
    seeds.write(seed, rows)
    return seed, number + 2


def row_deleted(seed: str) -> Callable[[Seeds, Random], Broken]:
    """Return a mutation that takes away one row of a map that must be whole."""

    def mutate(seeds: Seeds, random: Random) -> Broken:
        rows, number = drawn(seeds, random, seed)
        row = rows.pop(number)
        seeds.write(seed, rows)
        cells = list(row.values())
        words = {
            "rfm_segments": f"cell {','.join(cells[:3])}: the cell is missing",
            "rfm_groups": f"cell {','.join(cells[:3])}: the cell is missing",
            "rfm_bands": f"{'/'.join(cells[:3])}: the band of score {cells[3]} is missing",
            "rfm_dimensions": f"{'/'.join(cells[:3])}: the dimension is missing",
        }
        return seed, words[seed]

    return mutate


def row_doubled(seed: str) -> Callable[[Seeds, Random], Broken]:
    """Return a mutation that lists one row twice."""

    def mutate(seeds: Seeds, random: Random) -> Broken:
        rows, number = drawn(seeds, random, seed)
        rows.append(dict(rows[number]))
        seeds.write(seed, rows)
        return seed, len(rows) + 1

    return mutate


def bound_as_its_neighbour(seeds: Seeds, random: Random) -> Broken:
    rows, number = drawn(seeds, random, "rfm_bands", lambda row: row["score"] in "234")
    row = rows[number]
    keys = ("policy_key", "customer_type", "dimension")
    (neighbour,) = [
        other
        for other in rows
        if all(other[key] == row[key] for key in keys)
        and int(other["score"]) == int(row["score"]) + (1 if row["dimension"] != "recency" else -1)
    ]
    row["lower_bound"] = neighbour["lower_bound"]
    seeds.write("rfm_bands", rows)
    return "rfm_bands", f"{'/'.join(row[key] for key in keys)}: the band of score"


def equal_priority(seeds: Seeds, random: Random) -> Broken:
    rows, number = drawn(seeds, random, "rules")
    row = rows[number]
    other = random.choice(
        [
            other
            for other in rows
            if other is not row
            and all(other[key] == row[key] for key in ("policy_key", "rule_set", "customer_type"))
        ]
    )
    row["priority"] = other["priority"]
    seeds.write("rules", rows)
    return "rules", f"the priority {row['priority']} is also that of"


def rule_without_conditions(seeds: Seeds, random: Random) -> Broken:
    rows, number = drawn(seeds, random, "rules")
    keys = ("policy_key", "rule_key")
    seeds.delete("rule_conditions", **{key: rows[number][key] for key in keys})
    return "rules", number + 2


def contradiction(seeds: Seeds, random: Random) -> Broken:
    """A metric is asked to be compared and to be unknown."""
    seed = "rule_conditions"
    rows, number = drawn(seeds, random, seed, lambda row: row["operator"] not in ("is_null",))
    row = rows[number]
    rows.append(row | {"operator": "is_null", "value": ""})
    seeds.write(seed, rows)
    keys = ("policy_key", "rule_key", "condition_group")
    return seed, 2 + next(
        number for number, other in enumerate(rows) if all(other[key] == row[key] for key in keys)
    )


def first_rule_takes_all(seeds: Seeds, random: Random) -> Broken:
    """A rule that always holds is read first, so that the second never decides."""
    rows = seeds.read("rules")
    policy = random.choice(sorted({row["policy_key"] for row in rows}))
    chosen = [row for row in rows if row["policy_key"] == policy and row["rule_set"] == "tier"]
    second = min(chosen, key=lambda row: int(row["priority"]))
    line = 2 + rows.index(second)
    seeds.add(
        "rules", **second | {"rule_key": "tier_first", "priority": "1", "customer_type": "any"}
    )
    cells = {"policy_key": policy, "rule_key": "tier_first", "condition_group": "1"}
    seeds.add("rule_conditions", **cells, metric="customer_type", operator="is_not_null")
    return "rules", line


def set_for_one_type(seeds: Seeds, random: Random) -> Broken:
    rows = seeds.read("rules")
    policy = random.choice(sorted({row["policy_key"] for row in rows}))
    rule_set = random.choice(["lifecycle", "tier"])
    for row in rows:
        if (row["policy_key"], row["rule_set"]) == (policy, rule_set):
            row["customer_type"] = "business"
    seeds.write("rules", rows)
    return "rules", f"no {rule_set} rule applies to consumer customers"


def code_in_a_cell(seeds: Seeds, random: Random) -> Broken:
    seed = random.choice(["labels", "rules", "rule_conditions", "policies", "playbooks"])
    rows, number = drawn(seeds, random, seed)
    column = random.choice([key for key, text in rows[number].items() if text and key != "value"])
    rows[number][column] += random.choice(["'", '"', "; --", " or 1=1", "'); drop table rules"])
    seeds.write(seed, rows)
    return seed, number + 2


def label_deleted(seeds: Seeds, random: Random) -> Broken:
    rules, number = drawn(seeds, random, "rules", lambda row: row["rule_set"] != "lifecycle")
    rule = rules[number]
    seeds.delete("labels", kind=rule["rule_set"], outcome_key=rule["outcome_key"])
    return "rules", number + 2


MUTATIONS: list[Callable[[Seeds, Random], Broken]] = [
    misspelt("metric", "rule_conditions"),
    misspelt("operator", "rule_conditions"),
    misspelt("rule_key", "rule_conditions"),
    misspelt("outcome_key", "rules"),
    misspelt("customer_type", "rules"),
    misspelt("rule_set", "rules"),
    misspelt("policy_key", "rules"),
    misspelt("audience_rule_key", "playbooks"),
    misspelt("metric", "rfm_dimensions"),
    misspelt("lower_bound", "rfm_bands"),
    misspelt("rfm_segment_key", "rfm_segments"),
    row_deleted("rfm_segments"),
    row_deleted("rfm_groups"),
    row_deleted("rfm_bands"),
    row_deleted("rfm_dimensions"),
    row_doubled("rules"),
    row_doubled("rule_conditions"),
    row_doubled("rfm_segments"),
    row_doubled("rfm_bands"),
    row_doubled("labels"),
    threshold_to_word,
    bound_as_its_neighbour,
    equal_priority,
    rule_without_conditions,
    contradiction,
    first_rule_takes_all,
    set_for_one_type,
    code_in_a_cell,
    label_deleted,
]


def is_named(finding: Finding, file: str, place: int | str) -> bool:
    """Whether a finding names the broken file, and the line or the words that it must."""
    if finding.file != file:
        return False
    return finding.line == place if isinstance(place, int) else place in str(finding)


@pytest.mark.parametrize("number", range(len(MUTATIONS)))
def test_a_random_fault_is_found(number: int, shipped: Judgements, tmp_path: Path) -> None:
    """Every kind of fault, in a policy and at a place drawn by the number of the test."""
    random = Random(number)
    seeds = copied(tmp_path)
    seeds.keep(random.choice(sorted(shipped.policies)))
    seed, place = MUTATIONS[number](seeds, random)
    file = seeds.path(seed).relative_to(seeds.folder).as_posix()
    findings = seeds.lint()
    named = [finding for finding in findings if is_named(finding, file, place)]
    assert named, f"{file}: {place} is not among\n" + "\n".join(map(str, findings))
    assert "error" in {finding.level for finding in named}


def test_what_is_shipped_has_no_finding(shipped: Judgements) -> None:
    assert [str(finding) for finding in lint(shipped)] == []
