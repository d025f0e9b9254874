"""Guards that stop a build between its input and the swap, and their warnings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from strata.errors import BuildFailed, GuardTripped, StrataError
from strata.intake.rows import Input
from strata.publish.audit import Before, Limits, audit, peaks
from strata.publish.figures import Figures
from strata.warehouse.progress import Progress
from strata.warehouse.releases import Release

# The tables whose latest date is the as_of_date.
DATING = ("erp_orders", "erp_refunds")


@dataclass(frozen=True)
class Options:
    """What the user asked for; `accept` publishes in spite of drift."""

    raw: Path
    out: Path
    as_of: date | None
    policy: str | None
    keep: int
    threads: int | None
    limits: Limits
    accept: bool


@dataclass
class Guards:
    """The guards of one build: `current` is the release before it, `options` what was asked for."""

    current: Release | None
    options: Options
    progress: Progress
    causes: list[str] = field(default_factory=list)

    def judge_input(self, found: Input) -> None:
        """Judge the raw rows before anything is made of them.

        Raises StrataError if a needed table has no usable row, GuardTripped if more rows than
        allowed are rejected or have gone, unless accepted.
        """
        if unusable := found.unusable():
            raise StrataError("\n  ".join(unusable))
        for warning in found.warnings:
            self.progress.say(f"warning: {warning}")
        before = self.current.info["figures"]["totals"] if self.current else {}
        limits = self.options.limits
        gone: list[str] = []
        for table in found.tables:
            was = before.get(f"rows of {table.name}", 0)
            text = f"{table.name}: {was:,.0f} rows in the current release, {table.rows:,} now"
            if table.rows < was * (1 - limits.max_fall):
                gone.append(f"{text} (--max-fall allows -{limits.max_fall:.1%})")
            if table.name in DATING:
                self.causes += [str(table)] if table.rejected else []
                self.causes += [text] if table.rows < was else []
        self._stop(
            f"more rows are rejected than --max-rejected allows ({limits.max_rejected:.1%})",
            [str(table) for table in found.over(limits.max_rejected, self.options.as_of)],
        )
        self._stop("rows that the current release had are missing", gone)

    def judge_figures(
        self, new: Figures, kept: dict[str, Any], folder: Path
    ) -> dict[str, dict[str, float]]:
        """Judge what was made; return the peaks that release.json keeps.

        `kept` has `policy_key` and `vars` of the build; `folder` gets the report of the audit.

        Raises StrataError if the data now ends before the current release's date, BuildFailed if
        the audit found a broken law, GuardTripped if figures moved more than allowed or a feed is
        too old, unless accepted.
        """
        refuse_earlier(new.as_of_date, self.current, self.causes)
        before = self._before(kept["policy_key"])
        found = audit(new, kept["vars"], before, self.options.limits, folder)
        if found.broken:
            raise BuildFailed("\n  ".join(["the audit found broken figures:", *found.broken]))
        self._stop("a source is older than the policy allows", new.stopping)
        self._stop("figures moved more than allowed", found.drift)
        return peaks(new, before, accepted=bool(found.drift))

    def _before(self, policy: str) -> Before | None:
        if self.current is None:
            return None
        info = self.current.info
        same_policy = info["policy_key"] == policy
        if not same_policy:
            self.progress.say(
                f"the current release was judged by policy {info['policy_key']}, this build by "
                f"{policy}: shares are not compared"
            )
        figures = Figures.from_json(info["figures"])
        return Before(figures, info.get("peaks", {}), info.get("vars", {}), same_policy)

    def _stop(self, what: str, findings: Sequence[str]) -> None:
        if findings and not self.options.accept:
            lines = [f"{what}; if that is right, publish with --accept:", *findings]
            raise GuardTripped("\n  ".join(lines))
        for finding in findings:
            self.progress.say(f"accepted: {finding}")


def refuse_earlier(as_of: date, current: Release | None, causes: Sequence[str] = ()) -> None:
    """Raise StrataError for a date before the release's: snapshots cannot be written backwards.

    `causes` say why the newest rows cannot be used, or are not there; without them the date was
    asked for.
    """
    if current is None or as_of >= current.as_of_date:
        return
    if causes:
        title = (
            f"the newest usable order or refund is of {as_of}, and the current release "
            f"describes {current.as_of_date}: mend or load the rows that are missing"
        )
        raise StrataError("\n  ".join([title, *causes]))
    raise StrataError(
        f"the as_of_date {as_of} is before {current.as_of_date}, that of the current release: "
        "build a past date in a folder of its own with --out DIR"
    )
