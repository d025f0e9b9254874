"""`strata policy`: what it prints, and its exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from strata.catalogue import say
from strata.policy.judgements import Judgements
from strata.policy.phrasing import Phrasing
from strata.policy.show import listed, show_text, shown
from strata.seeds import keep_seeds
from strata.warehouse.releases import Warehouse

from .test_planted_faults import PLANTS

if TYPE_CHECKING:
    from tests.python.policy.conftest import Seeds

SCRIPTS = Path(__file__).parents[3] / "scripts"


def strata(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `strata policy` in a folder."""
    command = [sys.executable, "-c", "from strata.cli import main; main()", "policy", *arguments]
    environment = {"PYTHONPATH": str(SCRIPTS), "PYTHONUTF8": "1", "PATH": ""}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_lint_exits_with_0_1_or_2(seeds: Seeds) -> None:
    clean = strata(seeds.folder, "lint", "plain")
    assert (clean.returncode, clean.stdout) == (0, "no findings in plain\n")
    seed, line, words = PLANTS["equal_priority"](seeds)
    found = strata(seeds.folder, "lint", "plain")
    assert found.returncode == 1
    assert found.stdout.startswith(f"seeds/policy/{seed}.csv:{line}: plain/tier_c: the priority")
    assert words in found.stdout
    other = strata(seeds.folder, "lint", "default")
    assert other.returncode == 0, other.stdout
    unknown = strata(seeds.folder, "lint", "plane")
    assert unknown.returncode == 2
    assert unknown.stderr.startswith("strata: error: no policy plane in policies.csv")


def test_a_policy_with_errors_is_not_put_into_words(seeds: Seeds) -> None:
    PLANTS["unknown_metric"](seeds)
    for command in ("show", "sop"):
        outcome = strata(seeds.folder, command, "plain")
        assert outcome.returncode == 2
        assert "see `strata policy lint plain`" in outcome.stderr
        assert "rule_conditions.csv:" in outcome.stderr


def test_lint_prints_one_object(seeds: Seeds) -> None:
    _, line, words = PLANTS["threshold_that_is_text"](seeds)
    outcome = strata(seeds.folder, "lint", "plain", "--json")
    assert outcome.returncode == 1
    content = json.loads(outcome.stdout)
    assert (content["errors"], content["warnings"]) == (1, 0)
    (finding,) = content["findings"]
    assert finding["line"] == line and words in finding["problem"]
    assert set(finding) == {"file", "line", "level", "check", "subject", "problem", "fix"}


def test_a_missing_column_and_a_broken_file_are_bad_input(seeds: Seeds) -> None:
    path = seeds.path("rules")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("tag_layer", "layer", 1), encoding="utf-8")
    outcome = strata(seeds.folder, "lint")
    assert outcome.returncode == 2
    assert "seeds/policy/rules.csv:1: column tag_layer is missing" in outcome.stderr
    path.write_bytes(text.encode("utf-16"))
    outcome = strata(seeds.folder, "lint")
    assert outcome.returncode == 2
    assert "seeds/policy/rules.csv is not UTF-8" in outcome.stderr
    path.unlink()
    outcome = strata(seeds.folder, "show", "plain")
    assert outcome.returncode == 2
    assert "seeds/policy/rules.csv is missing" in outcome.stderr


def test_an_accepted_warning_is_said_and_a_stale_one_found(seeds: Seeds) -> None:
    PLANTS["more_outcomes_than_playbooks"](seeds)
    cells = {"check_key": "more_outcomes", "subject": "plain/tier", "reason": "A pilot"}
    line = seeds.add("lint_exceptions", **cells)
    assert seeds.lint("plain") == []
    seeds.edit("lint_exceptions", cells, subject="plain/lifecycle")
    findings = seeds.lint("plain")
    assert {finding.check for finding in findings} == {"more_outcomes", "exceptions"}
    assert [finding.line for finding in findings if finding.check == "exceptions"] == [line]


def test_an_error_cannot_be_accepted(seeds: Seeds) -> None:
    PLANTS["equal_priority"](seeds)
    cells = {"check_key": "priority", "subject": "plain/tier_c", "reason": "No reason"}
    seeds.add("lint_exceptions", **cells)
    assert {finding.check for finding in seeds.lint("plain")} == {"priority", "exceptions"}


def test_list_and_show_have_every_policy_and_rule(shipped: Judgements) -> None:
    policies = listed(shipped)
    assert [policy["policy_key"] for policy in policies] == list(shipped.policies)
    assert [policy["policy_key"] for policy in policies if policy["is_chosen"]] == ["default"]
    text = "\n".join(say("show.policy", "en", policy=policy) for policy in policies)
    for key, row in shipped.policies.items():
        assert key in text and row["name_zh"] in text and row["description"] in text
        for language in ("en", "zh"):
            content = shown(shipped, key, language)
            rules = [rule for set_ in content["rule_sets"] for rule in set_["rules"]]
            assert [rule["rule_key"] for rule in rules] == [rule.key for rule in shipped.rules(key)]
            shown_text = show_text(content)
            for rule in rules:
                assert rule["name"] in shown_text and rule["conditions"] in shown_text


@pytest.mark.parametrize(
    ("metric", "operator", "value", "english", "chinese"),
    [
        ("order_count", "=", "0", "no orders", "从未下单"),
        ("order_count", ">=", "1", "at least 1 order", "累计订单数不少于1单"),
        (
            "days_since_last_order",
            ">",
            "120",
            "more than 120 days since the last order",
            "距最近下单超过120天",
        ),
        (
            "net_revenue_amount",
            ">=",
            "500000",
            "net revenue is at least 500,000 CNY",
            "累计净收入不低于50万元",
        ),
        (
            "net_revenue_amount",
            "<",
            "1234.50",
            "net revenue is below 1,234.50 CNY",
            "累计净收入低于1,234.50元",
        ),
        ("discount_rate", ">", "0.125", "discount rate is above 12.5 %", "折扣率超过12.5%"),
        ("nps_score", "<", "6", "NPS score is below 6 points", "NPS评分低于6分"),
        (
            "days_until_contract_end",
            "<",
            "-90",
            "more than 90 days after the contract ends",
            "合同到期后超过90天",
        ),
        ("channel_type", "=", "dealer", "channel type is dealer", "渠道类型为经销"),
        ("channel_type", "!=", "dealer", "channel type is other than dealer", "渠道类型不为经销"),
        (
            "lifecycle_stage_key",
            "in",
            "new|at_risk",
            "lifecycle stage is New or At risk",
            "生命周期阶段为新客户或流失风险",
        ),
        (
            "login_days_change_rate",
            "<=",
            "-0.5",
            "login days fell by at least 50 % on the 30 days before",
            "登录天数环比降幅达50%",
        ),
        (
            "login_days_change_rate",
            ">",
            "0.2",
            "login days rose by more than 20 % on the 30 days before",
            "登录天数环比增幅超过20%",
        ),
        ("days_since_last_purchase", "is_null", "", "has never purchased", "从未购买"),
        (
            "days_since_last_login",
            "is_null",
            "",
            "days since the last login are unknown",
            "距最近登录天数未知",
        ),
        ("value_amount", ">", "0", "value is above zero", "客户价值大于零"),
        ("industry", "is_null", "", "industry is unknown", "行业未知"),
    ],
)
def test_conditions_in_words(
    metric: str, operator: str, value: str, english: str, chinese: str, seeds: Seeds
) -> None:
    cells = {"metric": metric, "operator": operator, "value": value}
    seeds.edit("rule_conditions", {"policy_key": "plain", "rule_key": "tag_dealer"}, **cells)
    judgements = Judgements.read(seeds.folder)
    (rule,) = [rule for rule in judgements.rules("plain", "tag") if rule.key == "tag_dealer"]
    assert Phrasing(judgements, "en").rule(rule) == english
    assert Phrasing(judgements, "zh").rule(rule) == chinese


def test_a_release_is_shown_as_it_was_built(seeds: Seeds, tmp_path: Path) -> None:
    folder = tmp_path / "warehouse" / "releases" / "b1"
    folder.mkdir(parents=True)
    info = {"build_id": "b1", "as_of_date": "2026-07-02", "vars": {"base_currency": "EUR"}}
    (folder / "release.json").write_text(json.dumps(info))
    Warehouse(tmp_path / "warehouse").publish("b1")
    keep_seeds(seeds.folder, None, folder)
    seeds.edit("rule_conditions", {"policy_key": "plain", "rule_key": "tier_a"}, value="120000")
    seeds.edit("labels", {"kind": "tier", "outcome_key": "A"}, name_en="Changed since")
    now = strata(seeds.folder, "show", "plain").stdout
    then = strata(seeds.folder, "show", "plain", "--release", str(tmp_path / "warehouse")).stdout
    assert "Changed since" in now and "120,000 CNY" in now
    assert "Changed since" not in then and "100,000 EUR" in then
    sop = strata(seeds.folder, "sop", "plain", "--release", str(tmp_path / "warehouse")).stdout
    assert "100,000 EUR" in sop
    listed = strata(seeds.folder, "list", "--release", str(tmp_path / "none"))
    assert listed.returncode == 2 and "has no release yet" in listed.stderr
