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
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from strata.publish.figures import AMOUNTS, Figures

# Subject of the audit, figure, and the message if the figure is out of its interval.
Row = tuple[str, float, str]
Interval = tuple[float | None, float | None]

SHARE_TOLERANCE = 1e-9
MAY_BE_NEGATIVE = ("net revenue",)
# A count may rise to this, whatever it was: three tickets become nine.
FEW = 100
# So long may a rise take before more of it is allowed, and so long is a fall remembered.
MONTH_DAYS = 30
# Vars without which no figure can be compared -> what changes with them.
MEANINGS = {
    "base_currency": "amounts are in another currency",
    "business_time_zone": "moments fall on other dates",
}


@dataclass(frozen=True)
class Limits:
    """How far figures may move: totals by rates of their old value, shares by points (0-1).

    `max_rejected` is the share of a table's rows that may be rejected (0-1).
    """

    max_fall: float
    max_rise: float
    max_shift: float
    max_rejected: float


@dataclass(frozen=True)
class Before:
    """The current release, with which a build is compared.

    `peaks` are the highest totals by as_of_date, and `settings` its vars. `same_policy` is False if
    another policy judged it: then shares are not compared.
    """

    figures: Figures
    peaks: dict[str, dict[str, float]]
    settings: dict[str, Any]
    same_policy: bool = True


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
    new: Figures, settings: dict[str, Any], before: Before | None, limits: Limits, folder: Path
) -> Findings:
    """Audit the figures of a build; write Data Docs and validation.json into `folder`.

    `settings` are the vars of the build. Without a release `before` it only the laws are checked.
    """
    tolerance = SHARE_TOLERANCE * max(len(new.shares), 1)
    laws: dict[str, Interval] = {
        "volume": (0, None),
        "sum_of_shares": (1 - tolerance, 1 + tolerance),
        "customers_without_segment": (0, 0),
    }
    drift: dict[str, Interval] = {}
    rows = [*_laws(new)]
    if before is not None:
        days = (new.as_of_date - before.figures.as_of_date).days
        max_rise = limits.max_rise * max(days / MONTH_DAYS, 1)
        drift = {
            "changed_settings": (0, 0),
            "fall": (-limits.max_fall, None),
            "rise": (None, max_rise),
            "shift": (0, limits.max_shift),
        }
        rows += _changed_settings(settings, before)
        rows += _falls(new, before, limits.max_fall)
        rows += _rises(new, before.figures, max_rise)
        rows += _shifts(new, before, limits.max_shift)
    outside = _outside(rows, laws | drift, folder)
    return Findings(
        [finding for column in laws for finding in outside[column]],
        [finding for column in drift for finding in outside[column]],
    )


def peaks(new: Figures, before: Before | None, accepted: bool) -> dict[str, dict[str, float]]:
    """Return the totals of the last 30 days, the build's among them, for release.json.

    A build that is published although it fell is `accepted`: then it counts from here on.
    """
    kept: dict[str, dict[str, float]] = {}
    if before is not None and not accepted:
        kept = {
            day: totals
            for day, totals in before.peaks.items()
            if (new.as_of_date - date.fromisoformat(day)).days <= MONTH_DAYS
        }
    day = new.as_of_date.isoformat()
    same_day = kept.get(day, {}).items()
    kept[day] = new.totals | {name: max(was, new.totals.get(name, was)) for name, was in same_day}
    return kept


def _laws(new: Figures) -> Iterator[Row]:
    for name, value in new.totals.items():
        if name not in MAY_BE_NEGATIVE:
            yield "volume", value, f"{name} is negative: {value:,.2f}"
    everybody = new.totals["customers"]
    for dimension in sorted({share.dimension for share in new.shares}):
        parts = [share for share in new.shares if share.dimension == dimension]
        customers = sum(share.customers for share in parts)
        if customers:
            rate = sum(share.rate for share in parts)
            text = f"shares of {dimension} in segment_profiles add up to {rate:.9f}"
            yield "sum_of_shares", rate, text
        if dimension == "tier":  # the others may cover buyers only
            text = f"the tiers in segment_profiles hold {customers:,} of {everybody:,.0f} customers"
            yield "customers_without_segment", everybody - customers, text


def _changed_settings(settings: dict[str, Any], before: Before) -> Iterator[Row]:
    for name, meaning in MEANINGS.items():
        was, now = before.settings.get(name), settings.get(name)
        if was is not None and was != now:
            text = f"var {name} was {was} in the current release and is {now} in this build"
            yield "changed_settings", 1, f"{text}: {meaning}"


def _falls(new: Figures, before: Before, max_fall: float) -> Iterator[Row]:
    """Compare each total with the current release, and with the highest of the last 30 days."""
    allowed = f"--max-fall allows -{max_fall:.1%}"
    recent = peaks(new, before, accepted=False)
    for name, was in before.figures.totals.items():
        now = new.totals.get(name, 0.0)
        rate, text = _change(was, now), _text(was, now, allowed)
        yield "fall", rate, f"{name}: {text}"
        day, highest = max(
            ((day, totals.get(name, now)) for day, totals in recent.items()),
            key=lambda peak: (peak[1], peak[0]),
        )
        if highest > was and rate >= -max_fall:
            rate = _change(highest, now)
            text = _text(was, now, allowed, rate)
            peak = f"{highest:,.2f} as of {day}, the highest of the last {MONTH_DAYS} days"
            yield "fall", rate, f"{name}: {peak}, {text}"


def _rises(new: Figures, old: Figures, max_rise: float) -> Iterator[Row]:
    allowed = f"--max-rise allows +{max_rise:.1%}"
    for name, was in old.totals.items():
        now = new.totals.get(name, 0.0)
        base = abs(was) if name in AMOUNTS else max(was, FEW)
        rate = (now - was) / base if was else 0.0
        yield "rise", rate, f"{name}: {_text(was, now, allowed)}"


def _shifts(new: Figures, before: Before, max_shift: float) -> Iterator[Row]:
    was = {"rejected rows": before.figures.rejected_rate}
    now = {"rejected rows": new.rejected_rate}
    if before.same_policy:
        for shares, figures in ((was, before.figures), (now, new)):
            shares |= {f"{share.dimension} {share.key}": share.rate for share in figures.shares}
    for name in sorted(was | now):
        old, rate = was.get(name, 0.0), now.get(name, 0.0)
        text = (
            f"share of {name}: {old:.1%} in the current release, {rate:.1%} in this build "
            f"(--max-shift allows {max_shift:.1%} either way)"
        )
        yield "shift", abs(rate - old), text


def _change(was: float, now: float) -> float:
    return (now - was) / abs(was) if was else 0.0


def _text(was: float, now: float, allowed: str, rate: float | None = None) -> str:
    change = _change(was, now) if rate is None else rate
    return f"{was:,.2f} in the current release, {now:,.2f} in this build ({change:+.1%}; {allowed})"


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
    records = [{"finding": text, column: figure} for column, figure, text in rows]
    frame = pandas.DataFrame(records, columns=["finding", *intervals])
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
