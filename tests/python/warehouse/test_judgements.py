"""Labels of the sample company under the default policy, computed again in plain Python."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from strata.warehouse.releases import Release

from .conftest import connected
from .rejudge import FIRST_MATCH, Values, assert_labels, assert_reasons, published_values, seed


@pytest.fixture(scope="module")
def published(sample_release: Release) -> dict[str, Values]:
    """Every published value of each customer."""
    with connected(sample_release.public) as connection:
        return published_values(connection)


def test_every_label_is_what_the_rules_say(
    sample_release: Release, published: dict[str, Values]
) -> None:
    with connected(sample_release.public) as connection:
        assert_labels(connection, published)


def test_every_reason_shows_the_published_value_and_whether_it_is_met(
    sample_release: Release, published: dict[str, Values]
) -> None:
    with connected(sample_release.public) as connection:
        sets = assert_reasons(connection, published)
    assert sets == {*FIRST_MATCH, "tag", "audience"}


def test_health_scores_are_the_weighted_means_of_what_is_known(
    sample_release: Release, published: dict[str, Values]
) -> None:
    """Recomputed in exact decimals; rounded to one decimal, so within .05 and a thousandth."""
    components = [row for row in seed("health_components") if row["policy_key"] == "default"]
    for customer, values in published.items():
        mine = [row for row in components if row["customer_type"] == values["customer_type"]]
        known = [row for row in mine if values[row["metric"]] is not None]
        weight = sum(Decimal(row["weight"]) for row in known)
        total = sum(Decimal(row["weight"]) for row in mine)
        assert values["score_confidence"] == pytest.approx(float(weight / total)), customer
        if not known:
            assert values["health_score"] is None
            continue
        score = Decimal(0)
        for row in known:
            worst, best = Decimal(row["worst_value"]), Decimal(row["best_value"])
            share = (Decimal(str(values[row["metric"]])) - worst) / (best - worst)
            score += Decimal(row["weight"]) * 100 * min(max(share, Decimal(0)), Decimal(1))
        assert float(values["health_score"]) == pytest.approx(float(score / weight), abs=0.051)
    with connected(sample_release.public) as connection:
        explained = connection.execute(
            "select customer_id, sum(weight_share_rate * component_score)"
            " from customer_health_components group by 1"
        ).fetchall()
    for customer, score in explained:
        if score is not None:
            assert float(published[customer]["health_score"]) == pytest.approx(score, abs=0.051)


def test_difficulty_scores_are_the_weighted_means_of_what_is_known(
    published: dict[str, Values],
) -> None:
    components = [row for row in seed("difficulty_components") if row["policy_key"] == "default"]
    known_count = 0
    for values in published.values():
        mine = [row for row in components if row["customer_type"] == values["customer_type"]]
        known = [row for row in mine if values[row["metric"]] is not None]
        if not known:
            assert values["difficulty_score"] is None
            continue
        known_count += 1
        score = 0.0
        for row in known:
            easy, hard = float(row["easy_value"]), float(row["hard_value"])
            share = (float(values[row["metric"]]) - easy) / (hard - easy)
            score += float(row["weight"]) * 100 * min(max(share, 0), 1)
        weight = sum(float(row["weight"]) for row in known)
        assert float(values["difficulty_score"]) == pytest.approx(score / weight, abs=0.051)
    assert known_count > 300


def test_percentiles_count_customers_with_value(sample_release: Release) -> None:
    """Shares and percentiles of value, counted customer by customer."""
    with duckdb.connect(str(sample_release.public), read_only=True) as connection:
        rows = connection.execute(
            "select customer_type, value_amount, higher_value_share_rate, value_percentile_rate"
            " from customer_segments"
        ).fetchall()
    for customer_type, value, share, percentile in rows:
        others = [row[1] for row in rows if row[0] == customer_type]
        above = sum(other for other in others if other > value)
        assert share == pytest.approx(float(above) / float(sum(others)))
        with_value = sum(1 for other in others if other > 0)
        if value > 0:
            no_more = sum(1 for other in others if 0 < other <= value)
            assert percentile == no_more / with_value
        else:
            assert percentile is None
