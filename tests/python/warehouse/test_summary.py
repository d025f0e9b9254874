"""Summary of a build of the real project, and the currency notes of its tables."""

from __future__ import annotations

from strata.project import project_dir
from strata.publish.summary import as_text, summary
from strata.seeds import FOLDERS
from strata.warehouse.releases import Release

from .conftest import HAND_DATE, rows


def test_tiers_are_told_by_the_policys_own_value_for_each_customer_type(
    sample_release: Release,
) -> None:
    content = summary(sample_release, sample_release.as_of_date)
    best = {row["customer_type"]: row for row in content["tiers"] if row["tier_key"] == "A"}
    # The default policy draws the line where 80 % of the value of a type is reached.
    assert set(best) == {"business", "consumer"}
    assert all(0.80 <= row["value_share_rate"] < 0.85 for row in best.values())
    assert all(row["customer_share_rate"] < 0.5 for row in best.values())
    for customer_type in best:
        tiers = [row for row in content["tiers"] if row["customer_type"] == customer_type]
        assert [row["tier_key"] for row in tiers] == ["A", "B", "C", "D"]
        assert abs(sum(row["value_share_rate"] for row in tiers) - 1) < 1e-9
        assert abs(sum(row["customer_share_rate"] for row in tiers) - 1) < 1e-9


def test_the_summary_names_currency_and_value(hand_release: Release) -> None:
    text = as_text(summary(hand_release, HAND_DATE))
    assert ", policy default, amounts in CNY" in text.splitlines()[0]
    assert "Value: net revenue in 365 days" in text
    assert "Tier, business" in text and "Tier, consumer" in text


def test_every_amount_names_its_currency_where_a_reader_of_the_database_sees_it(
    hand_release: Release,
) -> None:
    comments = rows(
        hand_release.public,
        "select table_name || '.' || column_name, comment from duckdb_columns()"
        " where column_name like '%\\_amount%' escape '\\'",
    )
    assert len(comments) > 50
    assert [name for name, comment in comments if "CNY" not in (comment or "")] == []


def test_a_release_keeps_the_seeds_that_judged_it(hand_release: Release) -> None:
    kept = hand_release.folder / "seeds"
    for folder in FOLDERS:
        for path in (project_dir() / "seeds" / folder).iterdir():
            assert (kept / folder / path.name).read_bytes() == path.read_bytes()
    for private in ("playbooks/owners.csv", "identity/identity_overrides.csv"):
        assert (kept / private).stat().st_mode & 0o077 == 0
