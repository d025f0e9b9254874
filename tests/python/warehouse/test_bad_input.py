"""Effects of a damaged seed or a damaged row on the real project."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from strata.errors import StrataError
from strata.warehouse.releases import Release
from strata_lab.compiled import compile_models

from .conftest import HAND_COMPANY, HAND_DATE, build_release, copy_of, rows


def test_an_unknown_metric_names_seed_and_row(project: Path, tmp_path: Path) -> None:
    seed = project / "seeds" / "policy" / "rule_conditions.csv"
    text = seed.read_text(encoding="utf-8")
    seed.write_text(
        text.replace("stage_at_risk,1,days_since_last_purchase", "stage_at_risk,1,mood"),
        encoding="utf-8",
    )
    with pytest.raises(StrataError) as error:
        build_release(HAND_COMPANY, tmp_path / "out", as_of=HAND_DATE)
    assert error.value.exit_code == 2
    assert "rule_conditions.csv" in str(error.value)
    assert "stage_at_risk" in str(error.value) and "mood" in str(error.value)
    assert not (tmp_path / "out" / "current").exists()


def test_a_seed_with_reordered_columns_lands_where_it_belongs(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = project / "seeds" / "policy" / "rules.csv"
    with seed.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        names = list(reader.fieldnames or [])
        rules = list(reader)
    with seed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names[::-1])
        writer.writeheader()
        writer.writerows(rules)
    database = tmp_path / "dev.duckdb"
    monkeypatch.setenv("STRATA_DATABASE", str(database))
    (tmp_path / "raw").symlink_to(HAND_COMPANY)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "--quiet", "seed"),
            *("--select", "rules", "--project-dir", str(project)),
            *("--target-path", str(tmp_path / "target"), "--log-path", str(tmp_path / "logs")),
            *("--vars", json.dumps({"raw_data_dir": str(tmp_path / "raw")})),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    found = rows(database, f"select {', '.join(names)} from policy.rules")
    assert sorted(tuple(str(value or "") for value in row) for row in found) == sorted(
        tuple(rule[name] for name in names) for rule in rules
    )


def test_orders_by_a_date_that_is_none_and_unknown_words(tmp_path: Path) -> None:
    """Unusable rows are listed with their raw values, and the others keep their totals."""
    raw = tmp_path / "raw"
    raw.mkdir()
    bad = {
        "E1": ("yesterday", "10", "CNY", "completed", "unreadable_date"),
        "E2": ("2026-02-30", "10", "CNY", "completed", "unreadable_date"),
        "E3": ("03/04/2026", "10", "CNY", "completed", "ambiguous_date"),
        "E4": ("2026-07-01", "10", "CNY", "completed", "future_date"),
        "E5": ("2026-06-01", "1.234,50", "CNY", "completed", "thousands_separator"),
        "E6": ("2026-06-01", "ten", "CNY", "completed", "unreadable_amount"),
        "E7": ("2026-06-01", "-1", "CNY", "completed", "negative_amount"),
        "E8": ("2026-06-01", "10", "ZZZ", "completed", "unknown_currency"),
        "E9": ("1999-12-31", "10", "USD", "completed", "missing_exchange_rate"),
        "E10": ("2026-06-01", "10", "CNY", "teleported", "unknown_status"),
        "E11": ("2026-05-01 23:30:00 EST", "10", "CNY", "completed", "unknown_time_zone"),
        "E12": ("1970-01-01 00:00:00", "10", "CNY", "completed", "sentinel_date"),
        "E13": ("9999-12-31", "10", "CNY", "completed", "sentinel_date"),
        "E14": ("2026-06-01", "99999999999999.99", "CNY", "completed", "amount_too_large"),
        "E15": ("2026-06-01", " ", "CNY", "completed", "missing_amount"),
    }
    lines = ["order_id,customer_code,ordered_at,order_total_amount,currency,status"]
    lines += ["ok,K1,2026-06-01,10,CNY,completed", ",K1,2026-06-01,10,CNY,completed"]
    lines += ["NULL,K1,2026-06-01,10,CNY,completed"]
    lines += [
        f'{key},K1,{day},"{amount}",{currency},{status}'
        for key, (day, amount, currency, status, _) in bad.items()
    ]
    (raw / "erp_orders.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    models = compile_models("customer_metrics", "rejected_records", as_of="2026-06-30")
    with models.run(raw.iterdir()) as connection:
        found = connection.execute(
            "select source_key, rejection_reason, rejected_value,"
            ' raw_values like \'%"customer_code":"K1"%\' from restricted.rejected_records'
        ).fetchall()
        kept = connection.execute(
            "select order_count, net_revenue_amount from customer_metrics"
        ).fetchall()
    # Exactly one value of each row is at fault, and it is shown as the source wrote it.
    good = ("2026-06-01", "10", "CNY", "completed")
    expected = {
        (
            key,
            reason,
            "USD" if reason == "missing_exchange_rate" else ({*values} - {*good}).pop(),
            True,
        )
        for key, (*values, reason) in bad.items()
    }
    assert set(found) == expected | {
        (None, "missing_key", None, True),
        (None, "missing_key", "NULL", True),
    }
    assert kept == [(1, 10)]


def test_an_earlier_date_needs_another_folder(tmp_path: Path, hand_release: Release) -> None:
    out = copy_of(hand_release, tmp_path / "out")
    with pytest.raises(StrataError, match="--out"):
        build_release(HAND_COMPANY, out, as_of=date(2026, 6, 29))
