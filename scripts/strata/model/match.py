"""`strata model match`: pairs of records that may be one person, for the next build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from strata.errors import StrataError
from strata.model.raw import need_raw, write_raw
from strata.model.scoring import need_splink, score
from strata.publish.releases import Release, Warehouse
from strata.sql import quoted

FILE = "model_identity_pairs.parquet"
# Raised by one when the comparisons, the training or the judgement change.
METHOD = 1


@dataclass(frozen=True)
class Matched:
    """What `match` did; counts of pairs are of those written."""

    file: Path
    build_id: str
    method_version: str
    fitted_at: datetime
    people: int
    contested: int
    compared: int
    pairs: int
    auto_pairs: int
    review_pairs: int

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        return self.__dict__ | {
            "file": str(self.file),
            "fitted_at": self.fitted_at.isoformat(timespec="seconds"),
        }


def match(
    warehouse: Warehouse,
    raw: Path,
    *,
    auto: float,
    review: float,
    min_probability: float,
    tell: Callable[[str], None] = lambda line: None,
) -> Matched:
    """Score the people of the current release and write the pairs into the raw folder.

    The file appears whole or not at all; the same release gives the same pairs.

    Args:
        warehouse: where the release lies.
        raw: folder with the raw files of the next build.
        auto: pairs of this probability and more are merged by the policy; only counted here.
        review: pairs below `auto` and of this probability and more are reviewed; only counted.
        min_probability: pairs below it are not written.
        tell: is told what is being done.

    Raises:
        StrataError: no release, no raw folder, no Splink, or too few people.
    """
    version = f"splink-{need_splink()}/{METHOD}"
    release = warehouse.need_current()
    need_raw(raw, FILE)
    tell(f"read the records of release {release.build_id}")
    records = _records(release)
    tell(f"train and score {records.num_rows:,} records of people")
    scores = score(records, min_probability=min_probability)
    fitted_at = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    path = raw / FILE
    write_pairs(scores.pairs, path, version, fitted_at)
    return Matched(
        path,
        release.build_id,
        version,
        fitted_at,
        scores.people,
        scores.contested,
        scores.compared,
        *_counts(scores.pairs, auto, review),
    )


def _records(release: Release) -> Any:
    """Return the normalised records of people of a release as an Arrow table."""
    with duckdb.connect(str(release.private), read_only=True) as private:
        try:
            return private.sql(
                "from intermediate.int_identity__normalised where customer_type = 'consumer'"
            ).to_arrow_table()
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
                {quoted(version)} as method_version,
                {quoted(fitted_at.isoformat())}::timestamp as fitted_at
            from scored
            order by left_record_key, right_record_key
            """,
            path,
        )


def _counts(pairs: Any, auto: float, review: float) -> tuple[int, int, int]:
    """Return how many pairs there are, how many from `auto` on, and how many for review."""
    with duckdb.connect() as connection:
        connection.register("scored", pairs)
        counts = connection.execute(
            """
            select
                count(*),
                count(*) filter (match_probability >= $auto),
                count(*) filter (match_probability >= $review and match_probability < $auto)
            from scored
            """,
            {"auto": auto, "review": review},
        ).fetchone()
    assert counts is not None
    return counts
