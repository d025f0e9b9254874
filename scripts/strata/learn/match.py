"""`strata model match`: pairs of records that may be one customer, for the next build."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from strata.learn.raw import Learnt, need_extra, need_raw, now, reading, stamp, write_raw
from strata.learn.scoring import Scored, score_pairs
from strata.warehouse.releases import Warehouse

FILE = "model_identity_pairs.parquet"
# Raised by one when the comparisons, the training or the choice of the threshold change.
METHOD = 2


@dataclass(frozen=True)
class Matched(Learnt):
    """What `match` did; counts of pairs are of those written."""

    found: list[Scored]

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints."""
        shown = super().as_json()
        del shown["found"]
        for total in ("pairs", "auto_pairs", "review_pairs"):
            shown[total] = sum(getattr(scored, total) for scored in self.found)
        types = {scored.kind.customer_type: scored.as_json() for scored in self.found}
        return shown | {"customer_types": types}


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

    The same release gives the same pairs.

    Args:
        warehouse, raw, tell: as `strata.learn.raw` says.
        precision: required share of correct pairs among those joined, by customer type.
        review: pairs below this probability are neither joined nor reviewed.
        min_probability: pairs below it are not written.

    Raises StrataError if there is no release, no raw folder, or too few records.
    """
    version = f"splink-{need_extra('match').__version__}/{METHOD}"
    release = warehouse.need_current()
    need_raw(raw, FILE)
    tell(f"read the records of release {release.build_id}")
    with (
        duckdb.connect(str(release.private), read_only=True) as private,
        reading(release, "holds no normalised records"),
    ):
        records = private.table("intermediate.int_identity__normalised").to_arrow_table()
    tell(f"train and score {records.num_rows:,} records")
    pairs, found = score_pairs(
        records, min_probability=min_probability, precision=precision, least=review
    )
    fitted_at = now()
    write_pairs(pairs, raw / FILE, version, fitted_at)
    return Matched(raw / FILE, release.build_id, version, fitted_at, found)


def write_pairs(pairs: Any, path: Path, version: str, fitted_at: datetime) -> None:
    """Write the Arrow table of `score_pairs` as the raw file of the next build."""
    with duckdb.connect() as connection:
        connection.register("scored", pairs)
        write_raw(
            connection,
            f"""
            select
                md5(left_record_key || ' ' || right_record_key) as pair_id,
                * exclude (customer_type),
                {stamp(version, fitted_at)}
            from scored
            order by left_record_key, right_record_key
            """,
            path,
        )
