"""Each shipped policy on the sample company of 5,000 customers."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from strata.project import project_dir
from strata_lab.compiled import Models, compile_models
from strata_lab.sample.generate import SampleOptions, make_sample

SEEDS = project_dir() / "seeds/policy"
with (SEEDS / "policies.csv").open(encoding="utf-8") as _file:
    POLICIES = [row["policy_key"] for row in csv.DictReader(_file)]
# The least and the largest share of the customers that an outcome may apply to.
LEAST, MOST = 0.005, 0.95


def seeds_of(policy: str, folder: Path) -> dict[str, Path]:
    """Write the policy's rows of every seed under the key that the models were compiled for."""
    written = {}
    for path in sorted(SEEDS.glob("*.csv")):
        with path.open(encoding="utf-8") as file:
            reader = csv.DictReader(file)
            fields = list(reader.fieldnames or [])
            rows = [row for row in reader if row.get("policy_key", policy) == policy]
        if "policy_key" not in fields:
            continue
        written[path.stem] = folder / path.name
        with written[path.stem].open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fields, lineterminator="\n")
            writer.writeheader()
            writer.writerows({**row, "policy_key": "default"} for row in rows)
    return written


@pytest.fixture(scope="module")
def models() -> Models:
    return compile_models(
        "customer_segments",
        "customer_tags",
        "customer_segment_reasons",
        "customer_health_components",
        "source_readiness",
        as_of="2026-10-31",
    )


@pytest.fixture(scope="module")
def company(
    models: Models, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse of the sample under the default policy; a test makes it anew under another."""
    folder = tmp_path_factory.mktemp("company")
    make_sample(SampleOptions(customers=5000), folder)
    with models.run((folder / "raw").glob("*.parquet"), threads=2) as connection:
        yield connection


@pytest.fixture(params=POLICIES)
def judged(
    request: pytest.FixtureRequest,
    models: Models,
    company: duckdb.DuckDBPyConnection,
    tmp_path: Path,
) -> duckdb.DuckDBPyConnection:
    """The warehouse under a policy."""
    models.again(company, seeds_of(request.param, tmp_path))
    return company


def test_a_policy_places_everybody_once_and_every_outcome_holds_some(
    judged: duckdb.DuckDBPyConnection,
) -> None:
    counted = judged.execute(
        """
        select count(*), count(distinct (customer_id, as_of_date)), count(tier_key),
            count(lifecycle_stage_key), count(matrix_key), count(rfm_segment_key),
            count(rfm_group_key)
        from customer_segments_history
        """
    ).fetchone()
    assert counted is not None and counted[0] > 40000
    assert set(counted) == {counted[0]}
    unnamed = "select count(*) from customer_segments where health_band_name_zh is null"
    assert judged.execute(unnamed).fetchone() == (0,)

    per_type = "select customer_type, count(*) from customer_segments group by 1"
    customers = dict(judged.execute(per_type).fetchall())
    types: dict[tuple[str, str], set[str]] = defaultdict(set)
    for rule_set, outcome, customer_type in judged.execute(
        "select rule_set, outcome_key, customer_type from policy.rules"
    ).fetchall():
        types[rule_set, outcome] |= (
            set(customers) if customer_type == "any" else {str(customer_type)}
        )
    held = {
        (rule_set, outcome): count
        for rule_set, outcome, count in judged.execute(
            "select rule_set, outcome_key, count(*) from intermediate.int_segmentation__outcomes"
            " group by 1, 2"
        ).fetchall()
    }
    wrong = {}
    for key, applies_to in types.items():
        share = held.get(key, 0) / sum(customers[one] for one in applies_to)
        if not LEAST <= share <= MOST:
            wrong[key] = round(share, 4)
    assert wrong == {}
    tags = {outcome for rule_set, outcome in types if rule_set == "tag"}
    assert 0 < len(tags) <= 8

    unexplained = """
        select count(*)
        from intermediate.int_segmentation__outcomes as outcomes
        anti join customer_segment_reasons as reasons using (customer_id, rule_set, rule_key)
    """
    assert judged.execute(unexplained).fetchone() == (0,)

    # A member of a group is worth what its members are worth together.
    groups = judged.execute(
        """
        select count(*), min(value_amount), max(value_amount), sum(own_value_amount)
        from customer_segments
        where group_customer_id is not null
        group by group_customer_id
        """
    ).fetchall()
    rolls_up = judged.execute("select rolls_up_to_parent from policy.policies").fetchone()
    assert (len(groups) > 5) == (rolls_up == (True,))
    for count, least, most, together in groups:
        assert count > 1 and least == most == together


def test_of_a_stale_source_nothing_is_known_and_confidence_falls(
    models: Models, company: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    """The newest ticket is a day old; a limit of no day at all makes the table stale."""
    models.again(company, seeds_of("default", tmp_path))
    company.execute("create or replace table before as from customer_segments")
    measured = """
        select count(ticket_count), count(complaint_count_90d), count(handling_minutes_365d),
            count(average_satisfaction_score_365d), count(service_cost_amount), count(nps_score)
        from customer_metrics
    """
    known = company.execute(measured).fetchone()
    assert known is not None and min(known) > 0

    limits = tmp_path / "limits.csv"
    limits.write_text(
        "policy_key,source_table,stale_after_days,action\ndefault,support_tickets,0,warn\n",
        encoding="utf-8",
    )
    models.again(company, {"source_limits": limits})
    stale = company.execute(measured).fetchone()
    assert stale is not None and stale[:5] == (0,) * 5 and stale[5] == known[5]
    fired = """
        select count(*) from customer_segment_reason_conditions as conditions
        inner join policy.metrics as metrics using (metric)
        where metrics.needs = 'support_tickets' and conditions.is_met
            and conditions.operator not in ('is_null', 'is_not_null')
    """
    assert company.execute(fired).fetchone() == (0,)
    confidence = """
        select bool_and(after.score_confidence <= before.score_confidence),
            avg(after.score_confidence) < avg(before.score_confidence) - 0.03,
            bool_and(after.score_confidence >= 0)
        from before inner join customer_segments as after using (customer_id)
    """
    assert company.execute(confidence).fetchone() == (True, True, True)
    past = """
        select count(ticket_count) > 0 from customer_metrics_history where not is_current
    """
    assert company.execute(past).fetchone() == (True,)
    said = company.execute(
        "select is_stale, stale_after_days from source_readiness"
        " where source_table = 'support_tickets'"
    )
    assert said.fetchone() == (True, 0)
