"""The worked example of CONTRIBUTING.md: a metric in four files, and a rule that uses it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from strata.project import project_dir

from .conftest import HAND_COMPANY, rows

CONTRIBUTING = (project_dir() / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_the_example_adds_a_metric_that_a_rule_uses(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (diff,) = re.findall(r"(?ms)^```diff\n(.*?)^```$", CONTRIBUTING)
    assert len(re.findall(r"(?m)^\+\+\+ ", diff)) <= 4
    patch = ["git", "apply", "--unidiff-zero", "-"]
    subprocess.run(patch, cwd=project, input=diff, text=True, check=True)

    monkeypatch.setenv("STRATA_DATABASE", str(tmp_path / "dev.duckdb"))
    variables = {"raw_data_dir": str(HAND_COMPANY), "as_of_date": "2026-06-30"}
    done = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "build"),
            *("--select", "+metric_list_matches_the_tables", "+customer_segment_reasons"),
            *("--indirect-selection", "empty"),
            *("--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")),
            *("--vars", json.dumps(variables)),
        ],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    reasons = """
        select days_since_last_discount, reason_en
        from customer_metrics
        left join customer_segment_reasons as reasons
            on customer_metrics.customer_id = reasons.customer_id
                and reasons.outcome_key = 'price_sensitive'
        where days_since_last_discount is not null
    """
    ((days, reason),) = rows(tmp_path / "dev.duckdb", reasons)
    assert reason == f"Price-sensitive: days since last discount {days} (≤ 365)"
