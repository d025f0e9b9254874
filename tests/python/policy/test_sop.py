"""The standard says everything that the seeds say of a policy, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from strata.catalogue import LANGUAGES
from strata.policy.judgements import DIMENSIONS, Judgements, label_kind
from strata.policy.phrasing import Phrasing
from strata.policy.sop import edition, standard
from strata.project import project_dir

from .test_cli import strata

if TYPE_CHECKING:
    from tests.python.policy.conftest import Seeds

POLICIES = sorted(
    line.split(",")[0]
    for line in (project_dir() / "seeds/policy/policies.csv")
    .read_text(encoding="utf-8")
    .splitlines()[1:]
)
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Phrasing of the code that no reader of the standard should meet.
CODE_WORDS = ("as_of_date", "None", "nan", "$", "_key", "is_null")


def sections(text: str) -> dict[str, str]:
    """Return the body of each section by its heading."""
    parts = re.split(r"^## \d+\. (.+)$", text, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def tables(text: str) -> list[list[list[str]]]:
    """Return the cells of each table, its headings first."""
    found: list[list[list[str]]] = [[]]
    for line in text.splitlines():
        if line.startswith("|"):
            found[-1].append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
        elif found[-1]:
            found.append([])
    return [table for table in found if table]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("policy", POLICIES)
def test_every_rule_label_and_playbook_is_there(
    policy: str, language: str, shipped: Judgements
) -> None:
    text = standard(shipped, policy, language)
    words = Phrasing(shipped, language)
    assert f"`{policy}`" in text and shipped.policies[policy][f"name_{language}"] in text
    row = shipped.policies[policy]
    assert row["description" if language == "en" else "description_zh"] in text
    for rule in shipped.rules(policy):
        assert words.rule(rule) in text, rule.key
        if rule.rule_set != "audience":
            label = shipped.labels[label_kind(rule.rule_set), rule.outcome]
            assert label[f"name_{language}"] in text
            assert label["meaning" if language == "en" else "meaning_zh"] in text
    computed = {f"{label_kind(rule_set)}_key" for rule_set in shipped.rule_sets}
    for condition in shipped.rows("rule_conditions", policy_key=policy):
        metric = shipped.metrics[condition["metric"]]
        if metric["metric"] not in (*computed, "customer_type"):
            assert metric[f"name_{language}"] in text
            assert language == "en" or metric["description_zh"] in text
    for row in [*shipped.rows("rfm_segments"), *shipped.rows("rfm_groups")]:
        kind = "rfm_segment" if "rfm_segment_key" in row.cells else "rfm_group"
        assert words.label(kind, row[f"{kind}_key"]) in text
    audiences = {rule.key for rule in shipped.rules(policy, "audience")}
    for playbook in shipped.rows("playbooks"):
        if playbook["audience_rule_key"] in audiences:
            assert playbook[f"name_{language}"] in text
            assert playbook["objective" if language == "en" else "objective_zh"] in text
            assert words.label("owner_role", playbook["owner_role"]) in text
            for step in shipped.rows("playbook_steps", playbook_key=playbook["playbook_key"]):
                assert step[f"content_{language}"] in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("policy", POLICIES)
def test_every_threshold_is_there_as_people_write_it(
    policy: str, language: str, shipped: Judgements
) -> None:
    text = standard(shipped, policy, language)
    words = Phrasing(shipped, language)
    for rule in shipped.rules(policy):
        for group in rule.groups:
            for condition in group:
                for value in filter(None, condition.values):
                    said = words.value(condition.metric, value, with_unit=False)
                    none = value == "0" and "no " in words.rule(rule)
                    assert none or said.removeprefix("-") in text, f"{rule.key}: {value}"
    for row in shipped.rows("rfm_bands", policy_key=policy):
        metrics = shipped.rows(
            "rfm_dimensions",
            policy_key=policy,
            customer_type=row["customer_type"],
            dimension=row["dimension"],
        )
        assert words.value(metrics[0]["metric"], row["lower_bound"], with_unit=False) in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("policy", POLICIES)
def test_no_section_or_table_is_empty(policy: str, language: str, shipped: Judgements) -> None:
    text = standard(shipped, policy, language)
    found = sections(text)
    assert len(found) >= 12
    for heading, body in found.items():
        assert len(body.strip()) > 40, heading
    for table in tables(text):
        assert len(table) > 2 or table[0] == ["", ""], table
        assert len({len(row) for row in table}) == 1, table[0]
    for word in CODE_WORDS:
        assert word not in text, word
    # A condition may compare with a Chinese word, which stays as it is.
    values = {row["value"] for row in shipped.rows("rule_conditions", policy_key=policy)}
    for word in filter(None, "|".join(values).split("|")):
        text = text.replace(word, "") if CHINESE.search(word) else text
    assert bool(CHINESE.search(text)) == (language == "zh")
    numbers = [int(number) for number in re.findall(r"^## (\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_cells_is_the_seed(language: str, shipped: Judgements) -> None:
    text = standard(shipped, "default", language)
    (cells,) = [table for table in tables(text) if table[0][1:] == ["M5", "M4", "M3", "M2", "M1"]]
    said = {}
    for row in cells[2:]:
        recency, frequency = re.findall(r"\d", row[0])
        for column, name in zip(cells[0][1:], row[1:], strict=True):
            said[recency, frequency, column[1]] = name
    words = Phrasing(shipped, language)
    assert said == {
        tuple(row[f"{name}_score"] for name in DIMENSIONS): words.label(
            "rfm_segment", row["rfm_segment_key"]
        )
        for row in shipped.rows("rfm_segments")
    }


def test_what_the_policy_lacks_is_left_out(seeds: Seeds) -> None:
    for key in ("tag_active", "tag_dealer"):
        seeds.delete("rule_conditions", policy_key="plain", rule_key=key)
        seeds.delete("rules", policy_key="plain", rule_key=key)
    judgements = Judgements.read(seeds.folder)
    assert "Tags" not in sections(standard(judgements, "plain", "en"))
    assert "Tags" in sections(standard(judgements, "default", "en"))


def test_the_edition_changes_with_a_threshold_of_the_policy_only(seeds: Seeds) -> None:
    before = Judgements.read(seeds.folder)
    where = {"policy_key": "plain", "rule_key": "tier_a"}
    seeds.edit("rule_conditions", where, value="120000")
    after = Judgements.read(seeds.folder)
    assert edition(before, "plain") != edition(after, "plain")
    assert edition(before, "default") == edition(after, "default")
    assert f"`{edition(after, 'plain')}`" in standard(after, "plain", "zh")


def test_the_command_writes_a_file_or_prints(seeds: Seeds, tmp_path: Path) -> None:
    file = tmp_path / "standards" / "plain.md"
    outcome = strata(seeds.folder, "sop", "plain", "--lang", "zh", "--out", str(file))
    assert outcome.returncode == 0, outcome.stderr
    printed = strata(seeds.folder, "sop", "plain", "--lang", "zh")
    assert file.read_text(encoding="utf-8") == printed.stdout
    assert printed.stdout.startswith("# 客户分类分级管理标准\n")
    assert strata(seeds.folder, "sop", "plain", "--lang", "fr").returncode == 2
    assert strata(seeds.folder, "sop", "plane").returncode == 2
    refused = strata(seeds.folder, "sop", "plain", "--out", "/proc/nowhere/plain.md")
    assert refused.returncode == 2
    assert "cannot write /proc/nowhere/plain.md" in refused.stderr
