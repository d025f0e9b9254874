"""The audit before a swap: laws that every build must keep, and drift against the last release.

Great Expectations sees aggregates only, never a row about one customer. Importing it takes seconds,
so that happens here and nowhere else.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from strata.publish.figures import Figures

# A sentence, and the one figure that decides whether it is true.
Row = dict[str, Any]
Interval = tuple[float | None, float | None]

SHARE_TOLERANCE = 1e-9
MAY_BE_NEGATIVE = ("net revenue",)


@dataclass(frozen=True)
class Limits:
    """How far a total may fall (rate of the old value) and a share may move (in points, 0-1)."""

    max_fall: float
    max_shift: float


@dataclass(frozen=True)
class Findings:
    """Sentences about broken laws and about drift; both empty if the audit passed."""

    broken: list[str]
    drift: list[str]


def warm_up() -> None:
    """Start importing Great Expectations in the background, while dbt works in its own process."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    threading.Thread(target=import_module, args=["great_expectations"], daemon=True).start()


def audit(
    new: Figures, old: Figures | None, compare_shares: bool, limits: Limits, folder: Path
) -> Findings:
    """Audit the figures of a build; write Data Docs and validation.json into `folder`.

    Args:
        new: The build's figures.
        old: Those of the current release; None if there is none, which leaves the laws only.
        compare_shares: False if another policy judged the old release.
        limits: What counts as drift.
        folder: Made if missing.
    """
    tolerance = SHARE_TOLERANCE * max(len(new.shares), 1)
    laws: dict[str, Interval] = {
        "volume": (0, None),
        "sum_of_shares": (1 - tolerance, 1 + tolerance),
        "customers_without_segment": (0, 0),
    }
    drift: dict[str, Interval] = {}
    rows = [*_volumes(new), *_dimensions(new)]
    if old is not None:
        drift = {"change_rate": (-limits.max_fall, None), "shift": (0, limits.max_shift)}
        rows += [*_changes(new, old, limits), *_shifts(new, old, compare_shares, limits)]
    outside = _outside(rows, laws | drift, folder)
    return Findings(
        [finding for column in laws for finding in outside[column]],
        [finding for column in drift for finding in outside[column]],
    )


def _volumes(new: Figures) -> Iterator[Row]:
    for name, value in new.totals.items():
        if name not in MAY_BE_NEGATIVE:
            yield {"finding": f"{name} is negative: {value:,.2f}", "volume": value}


def _dimensions(new: Figures) -> Iterator[Row]:
    everybody = new.totals["customers"]
    for dimension in sorted({share.dimension for share in new.shares}):
        parts = [share for share in new.shares if share.dimension == dimension]
        customers = sum(share.customers for share in parts)
        if customers:
            rate = sum(share.rate for share in parts)
            text = f"shares of {dimension} in segment_profiles add up to {rate:.9f}"
            yield {"finding": text, "sum_of_shares": rate}
        if dimension == "tier":  # the others may cover buyers only
            text = f"the tiers in segment_profiles hold {customers:,} of {everybody:,.0f} customers"
            yield {"finding": text, "customers_without_segment": everybody - customers}


def _changes(new: Figures, old: Figures, limits: Limits) -> Iterator[Row]:
    for name, before in old.totals.items():
        after = new.totals.get(name, 0.0)
        rate = (after - before) / abs(before) if before else 0.0
        text = (
            f"{name}: {before:,.2f} in the current release, {after:,.2f} in this build "
            f"({rate:+.1%}; --max-fall allows -{limits.max_fall:.1%})"
        )
        yield {"finding": text, "change_rate": rate}


def _shifts(new: Figures, old: Figures, compare_shares: bool, limits: Limits) -> Iterator[Row]:
    pairs = {"rejected rows": (old.rejected_rate, new.rejected_rate)}
    if compare_shares:
        before = {f"{share.dimension} {share.key}": share.rate for share in old.shares}
        after = {f"{share.dimension} {share.key}": share.rate for share in new.shares}
        for name in sorted(before.keys() | after.keys()):
            pairs[name] = before.get(name, 0.0), after.get(name, 0.0)
    for name, (was, now) in pairs.items():
        text = (
            f"share of {name}: {was:.1%} in the current release, {now:.1%} in this build "
            f"(--max-shift allows {limits.max_shift:.1%} either way)"
        )
        yield {"finding": text, "shift": abs(now - was)}


def _outside(rows: list[Row], intervals: dict[str, Interval], folder: Path) -> dict[str, list[str]]:
    """Expect each column's values within its interval; return the findings of those outside."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    import great_expectations as gx
    import pandas
    from great_expectations.data_context.types.base import ProgressBarsConfig

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    context.add_data_docs_site(
        "local",
        {
            "class_name": "SiteBuilder",
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(folder / "docs"),
            },
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        },
    )
    expectations = [
        gx.expectations.ExpectColumnValuesToBeBetween(
            column=column, min_value=lowest, max_value=highest
        )
        for column, (lowest, highest) in intervals.items()
    ]
    suite = context.suites.add(gx.ExpectationSuite(name="figures", expectations=expectations))
    asset = context.data_sources.add_pandas("build").add_dataframe_asset("figures")
    batch = asset.add_batch_definition_whole_dataframe("figures")
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name="figures", data=batch, suite=suite)
    )
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(
            name="figures",
            validation_definitions=[definition],
            actions=[gx.checkpoint.UpdateDataDocsAction(name="documents")],
            result_format={
                "result_format": "COMPLETE",
                "unexpected_index_column_names": ["finding"],
            },
        )
    )
    frame = pandas.DataFrame(rows, columns=["finding", *intervals])
    outcome = checkpoint.run(batch_parameters={"dataframe": frame})
    text = json.dumps(outcome.describe_dict(), indent=2, default=str, ensure_ascii=False)
    (folder / "validation.json").write_text(text, encoding="utf-8")
    (validation,) = outcome.run_results.values()
    outside: dict[str, list[str]] = {}
    for result in validation.results:
        column = result.expectation_config.kwargs["column"]
        found = [str(row["finding"]) for row in result.result.get("unexpected_index_list") or []]
        outside[column] = found if result.success or found else [f"{column} could not be audited"]
    return outside
