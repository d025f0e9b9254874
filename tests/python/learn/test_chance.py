"""Expected pairs by chance, computed by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from strata.learn.chance import Chance
from strata.learn.kind import Kind
from strata.learn.linkage import Linkage

RECORDS = 101  # 5,050 pairs


def level(m: float, u: float, rare: str | None = None) -> dict[str, Any]:
    known = {"m_probability": m, "u_probability": u}
    return known | ({"tf_adjustment_column": rare} if rare else {})


def chance(evidence: list[dict[str, int]]) -> Chance:
    """Two fields that half and all of the records know; a tenth and a hundredth agree by chance."""
    model = {
        "probability_two_random_records_match": 0.001,
        "comparisons": [
            {"output_column_name": "half", "comparison_levels": [level(0.9, 0.1), level(0.1, 0.9)]},
            {
                "output_column_name": "all",
                "comparison_levels": [level(0.9, 0.01, "all"), level(0.1, 0.99)],
            },
        ],
    }
    linkage = SimpleNamespace(
        records=RECORDS,
        known={"half": 0.5, "all": 1.0},
        rarities=lambda: {"half": [], "all": [0.01, 0.01]},
    )
    kind = SimpleNamespace(evidence=evidence)
    return Chance(cast(Kind, kind), model, cast(Linkage, linkage))


def test_pairs_that_agree_by_chance() -> None:
    counted = chance([{"half": 1, "all": 1}])
    # Either agrees: a quarter of the pairs know the first field, a tenth of them agree.
    assert counted.pairs_from(0) == pytest.approx(5050 * (1 - 0.975 * 0.99))
    # Odds of 0.001 times 90 and 9: only both together reach 0.4, 5,050 x 0.25 x 0.1 x 0.01.
    assert counted.pairs_from(0.4) == pytest.approx(1.2625)
    assert counted.pairs_from(0.5) == 0


def test_pairs_without_evidence_do_not_count() -> None:
    assert chance([{"half": 1}, {"all": 1}]).pairs_from(0) == pytest.approx(1.2625)
    assert chance([{"half": 2}]).pairs_from(0) == 0


def test_the_lowest_threshold_that_keeps_the_promise() -> None:
    counted = chance([{"half": 1, "all": 1}])
    # 1.2625 of 127 are less than 1 %, of 126 more.
    threshold, expected = counted.threshold([0.4] * 127, 0.99, 0.4)
    assert threshold == 0.4
    assert expected == pytest.approx(1 - 1.2625 / 127)
    assert counted.threshold([0.42] * 126, 0.99, 0.4) == (0.43, 1.0)
    assert counted.threshold([0.42] * 127, 0.99, 0.6) == (0.6, 1.0)
