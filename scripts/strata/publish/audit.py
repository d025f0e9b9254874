"""The audit before a swap: laws that every build must keep, and drift against the last release.

Great Expectations sees aggregates only, never a row about one customer. Importing it takes seconds,
so that happens here and nowhere else.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from strata.publish.figures import Figures

if TYPE_CHECKING:
    from pandas import DataFrame

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
    auditor = _Auditor(folder)
    broken = auditor.expect("volumes", _volumes(new), "value", 0, None)
    dimensions = _dimensions(new)
    tolerance = SHARE_TOLERANCE * max(len(new.shares), 1)
    broken += auditor.expect("shares", dimensions, "rate", 1 - tolerance, 1 + tolerance)
    broken += auditor.expect("customers", dimensions, "difference", 0, 0)
    drift: list[str] = []
    if old is not None:
        fall = auditor.expect(
            "change of totals", _changes(new, old, limits), "change_rate", -limits.max_fall, None
        )
        shifts = _shifts(new, old, compare_shares, limits)
        shift = auditor.expect("change of shares", shifts, "shift", None, limits.max_shift)
        drift = fall + shift
    auditor.write()
    return Findings(broken, drift)


def _frame(columns: list[str], rows: list[tuple[Any, ...]]) -> DataFrame:
    import pandas

    frame: DataFrame = pandas.DataFrame.from_records(rows, columns=columns)
    return frame


def _volumes(new: Figures) -> DataFrame:
    rows = [
        (f"{name} is negative: {value:,.2f}", value)
        for name, value in new.totals.items()
        if name not in MAY_BE_NEGATIVE
    ]
    return _frame(["finding", "value"], rows)


def _dimensions(new: Figures) -> DataFrame:
    rows: list[tuple[Any, ...]] = []
    for dimension in sorted({share.dimension for share in new.shares}):
        parts = [share for share in new.shares if share.dimension == dimension]
        rate = sum(share.rate for share in parts)
        customers = sum(share.customers for share in parts)
        # Every customer has a tier; other dimensions may cover buyers only.
        missing = new.totals["customers"] - customers if dimension == "tier" else 0.0
        if customers:
            text = (
                f"shares of {dimension} in segment_profiles add up to {rate:.9f} and hold "
                f"{customers:,} of {new.totals['customers']:,.0f} customers"
            )
            rows.append((text, rate, missing))
    return _frame(["finding", "rate", "difference"], rows)


def _changes(new: Figures, old: Figures, limits: Limits) -> DataFrame:
    rows: list[tuple[Any, ...]] = []
    for name, before in old.totals.items():
        after = new.totals.get(name, 0.0)
        rate = (after - before) / abs(before) if before else 0.0
        text = (
            f"{name}: {before:,.2f} in the current release, {after:,.2f} in this build "
            f"({rate:+.1%}; --max-fall allows -{limits.max_fall:.1%})"
        )
        rows.append((text, rate))
    return _frame(["finding", "change_rate"], rows)


def _shifts(new: Figures, old: Figures, compare_shares: bool, limits: Limits) -> DataFrame:
    pairs = {"rejected rows": (old.rejected_rate, new.rejected_rate)}
    if compare_shares:
        before = {(share.dimension, share.key): share.rate for share in old.shares}
        after = {(share.dimension, share.key): share.rate for share in new.shares}
        for dimension, key in sorted(before.keys() | after.keys()):
            rates = before.get((dimension, key), 0.0), after.get((dimension, key), 0.0)
            pairs[f"{dimension} {key}"] = rates
    rows = [
        (
            f"share of {name}: {was:.1%} in the current release, {now:.1%} in this build "
            f"(--max-shift allows {limits.max_shift:.1%} either way)",
            abs(now - was),
        )
        for name, (was, now) in pairs.items()
    ]
    return _frame(["finding", "shift"], rows)


class _Auditor:
    """Great Expectations with its documents in one folder."""

    def __init__(self, folder: Path) -> None:
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        import great_expectations
        from great_expectations.data_context.types.base import ProgressBarsConfig

        self.gx = great_expectations
        self.folder = folder
        self.outcomes: dict[str, Any] = {}
        self.context = great_expectations.get_context(mode="ephemeral")
        self.context.variables.progress_bars = ProgressBarsConfig(globally=False)
        self.source = self.context.data_sources.add_pandas("aggregates")
        self.context.add_data_docs_site(
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

    def expect(
        self, name: str, frame: DataFrame, column: str, lowest: float | None, highest: float | None
    ) -> list[str]:
        """Expect every value between two limits; return the column `finding` of the others."""
        if frame.empty:
            return []
        expectation = self.gx.expectations.ExpectColumnValuesToBeBetween(
            column=column, min_value=lowest, max_value=highest
        )
        suite = self.context.suites.add(
            self.gx.ExpectationSuite(name=name, expectations=[expectation])
        )
        asset = self.source.add_dataframe_asset(name)
        definition = self.context.validation_definitions.add(
            self.gx.ValidationDefinition(
                name=name, data=asset.add_batch_definition_whole_dataframe(name), suite=suite
            )
        )
        checkpoint = self.context.checkpoints.add(
            self.gx.Checkpoint(
                name=name,
                validation_definitions=[definition],
                actions=[self.gx.checkpoint.UpdateDataDocsAction(name="documents")],
                result_format={
                    "result_format": "COMPLETE",
                    "unexpected_index_column_names": ["finding"],
                },
            )
        )
        outcome = checkpoint.run(batch_parameters={"dataframe": frame})
        self.outcomes[name] = outcome.describe_dict()
        (validation,) = outcome.run_results.values()
        (result,) = validation.results
        if result.success:
            return []
        rows = result.result.get("unexpected_index_list") or []
        return [str(row["finding"]) for row in rows] or [f"the audit of {name} could not run"]

    def write(self) -> None:
        """Write what every expectation found."""
        text = json.dumps(self.outcomes, indent=2, default=str, ensure_ascii=False)
        (self.folder / "validation.json").write_text(text, encoding="utf-8")
