"""`strata model match`: pairs of records that may be one customer, for the next build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from strata.errors import StrataError
from strata.learn.raw import need_raw, write_raw
from strata.learn.scoring import MINIMUM_RECORDS, Scored, need_splink, score_pairs
from strata.sql import quoted
from strata.warehouse.releases import Release, Warehouse

FILE = "model_identity_pairs.parquet"
# Raised by one when the comparisons, the training or the choice of the threshold change.
METHOD = 2


@dataclass(frozen=True)
class Counted:
    """Pairs found of one customer type: `pairs` are written, `auto_pairs` to be joined."""

    scored: Scored
    pairs: int
    auto_pairs: int
    review_pairs: int

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints of the customer type."""
        scored = self.scored
        found: dict[str, Any] = {"records": scored.records, "left_out": scored.left_out}
        if scored.compared is None:
            return found | {"pairs": 0}
        return found | {
            "compared": scored.compared,
            "accepted_from": scored.accepted_from,
            "expected_precision": round(scored.expected_precision, 4),
            "pairs": self.pairs,
            "auto_pairs": self.auto_pairs,
            "review_pairs": self.review_pairs,
        }

    def as_text(self, review: float) -> list[str]:
        """Return the lines that say what was found of the customer type."""
        scored = self.scored
        name = f"{scored.kind.name.capitalize():18}"
        if scored.compared is None:
            return [f"{name}{scored.records:,} records: fewer than {MINIMUM_RECORDS}, none scored"]
        left_out = f"; {scored.left_out:,} left out, they may mix two" if scored.left_out else ""
        return [
            f"{name}{scored.records:,} records{left_out}; {scored.compared:,} pairs compared",
            f"{'  to join':18}{self.auto_pairs:,} pairs of probability {scored.accepted_from:g} "
            f"and more; expected precision {scored.expected_precision:.3f}",
            f"{'  to review':18}{self.review_pairs:,} pairs of probability {review:g} and more",
        ]


@dataclass(frozen=True)
class Matched:
    """What `match` did; counts of pairs are of those written."""

    file: Path
    build_id: str
    method_version: str
    fitted_at: datetime
    found: list[Counted]

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return {
            "file": str(self.file),
            "build_id": self.build_id,
            "method_version": self.method_version,
            "fitted_at": self.fitted_at.isoformat(timespec="seconds"),
            **{
                total: sum(getattr(counted, total) for counted in self.found)
                for total in ("pairs", "auto_pairs", "review_pairs")
            },
            "customer_types": {
                counted.scored.kind.customer_type: counted.as_json() for counted in self.found
            },
        }


def match(
    warehouse: Warehouse,
    raw: Path,
    *,
    precision: float,
    review: float,
    min_probability: float,
    tell: Callable[[str], None] = lambda line: None,
) -> Matched:
    """Score the records of the current release and write the pairs into the raw folder.

    The file appears whole or not at all; the same release gives the same pairs.

    Args:
        warehouse: where the release lies.
        raw: folder with the raw files of the next build.
        precision: share of the pairs to be joined that shall be right, by customer type.
        review: less probable pairs are neither joined nor reviewed.
        min_probability: pairs below it are not written.
        tell: is told what is being done.

    Raises:
        StrataError: no release, no raw folder, no Splink, or too few records.
    """
    version = f"splink-{need_splink()}/{METHOD}"
    release = warehouse.need_current()
    need_raw(raw, FILE)
    tell(f"read the records of release {release.build_id}")
    records = _records(release)
    tell(f"train and score {records.num_rows:,} records")
    pairs, found = score_pairs(
        records, min_probability=min_probability, precision=precision, least=review
    )
    fitted_at = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    path = raw / FILE
    write_pairs(pairs, path, version, fitted_at)
    counted = [Counted(scored, *_counts(pairs, scored, review)) for scored in found]
    return Matched(path, release.build_id, version, fitted_at, counted)


def _records(release: Release) -> Any:
    """Return the normalised records of a release as an Arrow table."""
    with duckdb.connect(str(release.private), read_only=True) as private:
        try:
            return private.sql("from intermediate.int_identity__normalised").to_arrow_table()
        except duckdb.CatalogException:
            raise StrataError(
                f"release {release.build_id} holds no normalised records, an older Strata made it: "
                "run `strata build` first"
            ) from None


def write_pairs(pairs: Any, path: Path, version: str, fitted_at: datetime) -> None:
    """Write scored pairs as the raw file of the next build, whole or not at all.

    Args:
        pairs: Arrow table as `score_pairs` returns it.
        path: the file, `FILE` in a raw folder.
        version: method_version of every pair.
        fitted_at: when the model was fitted, UTC.
    """
    with duckdb.connect() as connection:
        connection.register("scored", pairs)
        write_raw(
            connection,
            f"""
            select
                md5(left_record_key || ' ' || right_record_key) as pair_id,
                left_record_key,
                right_record_key,
                match_probability,
                accepted_from,
                {quoted(version)} as method_version,
                {quoted(fitted_at.isoformat())}::timestamp as fitted_at
            from scored
            order by left_record_key, right_record_key
            """,
            path,
        )


def _counts(pairs: Any, scored: Scored, review: float) -> tuple[int, int, int]:
    """Return how many pairs of a type there are, how many to join, and how many to review."""
    with duckdb.connect() as connection:
        connection.register("scored", pairs)
        counts = connection.execute(
            """
            select
                count(*),
                count(*) filter (match_probability >= accepted_from),
                count(*) filter (match_probability >= $review and match_probability < accepted_from)
            from scored
            where customer_type = $customer_type
            """,
            {"review": review, "customer_type": scored.kind.customer_type},
        ).fetchone()
    assert counts is not None
    return counts
