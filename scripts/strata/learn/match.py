"""`strata model match`: pairs of records that may be one customer, for the next build."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from strata.errors import StrataError
from strata.learn.chance import LEAST, MIN_PROBABILITY, PRECISION, Chance
from strata.learn.kind import Kind
from strata.learn.linkage import Linkage
from strata.learn.raw import Learnt, need_extra, need_raw, now, reading, stamp, write_raw
from strata.sql import first_row, quoted
from strata.warehouse.releases import Warehouse

FILE = "model_identity_pairs.parquet"
# Raised by one when the comparisons, the training or the choice of the threshold change.
METHOD = 2
# Fewer records teach the model nothing.
MINIMUM_RECORDS = 100
MEMORY_LIMIT = "3GB"


@dataclass(frozen=True)
class Scored:
    """The pairs found of one kind of customers.

    `records` counts those that were compared, `left_out` those that may be mixtures of two;
    `compared` is an upper bound of the pairs, None if there were too few records to train on.
    Pairs from `accepted_from` on are to be joined, and `expected_precision` of them are expected
    to be right. Of the returned `pairs`, `auto_pairs` are to be joined and `review_pairs` to be
    reviewed.
    """

    kind: Kind
    records: int
    left_out: int = 0
    compared: int | None = None
    accepted_from: float = 1.0
    expected_precision: float = 1.0
    pairs: int = 0
    auto_pairs: int = 0
    review_pairs: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return what `--json` prints of the kind."""
        if self.compared is None:
            return {"records": self.records, "left_out": self.left_out, "pairs": 0}
        figures = asdict(self) | {"expected_precision": round(self.expected_precision, 4)}
        del figures["kind"]
        return figures


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

    The same release gives the same pairs. Of the pairs to be joined of a customer type the share
    `precision` shall be right; pairs below `review` are neither joined nor reviewed, those below
    `min_probability` are not written. `strata.learn.raw` says what the other arguments are.

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


def score_pairs(
    records: pd.DataFrame | pa.Table,
    *,
    seed: int = 1,
    min_probability: float = MIN_PROBABILITY,
    precision: float = PRECISION,
    least: float = LEAST,
) -> tuple[pa.Table, list[Scored]]:
    """Return the pairs of records that are the same customer with at least `min_probability`.

    Records have the columns of `int_identity__normalised`; `seed` draws the random pairs. The share
    `precision` of the pairs to be joined shall be right; none of them is below `least` (all 0-1).

    Returns left_record_key, right_record_key (left < right), match_probability, accepted_from and
    customer_type, sorted by keys; and what was found, by kind of customer. Raises StrataError if
    Splink is not installed, or there are too few records to train on.
    """
    need_extra("match")
    found: list[Scored] = []
    pairs = []
    for kind in map(Kind.read, ("people", "organisations")):
        with (
            tempfile.TemporaryDirectory() as folder,
            duckdb.connect(f"{folder}/match.duckdb") as own,
        ):
            own.execute(
                f"set memory_limit = '{MEMORY_LIMIT}'; set temp_directory = {quoted(folder)};"
                " set enable_progress_bar = false; set preserve_insertion_order = false"
            )
            own.register("records", records)
            found.append(_score(own, kind, seed, min_probability, precision, least))
            if found[-1].compared is not None:
                pairs.append(own.table("judged").to_arrow_table())
    if not pairs:
        counts = " and ".join(f"{made.records} records of {made.kind.name}" for made in found)
        raise StrataError(f"{counts} are too few to train on: at least {MINIMUM_RECORDS}")
    keys = [("left_record_key", "ascending"), ("right_record_key", "ascending")]
    return pa.concat_tables(pairs).sort_by(keys), found


def _score(
    own: duckdb.DuckDBPyConnection,
    kind: Kind,
    seed: int,
    min_probability: float,
    precision: float,
    least: float,
) -> Scored:
    """Make table judged of table records, for one kind."""
    own.execute(kind.sql())
    records, left_out = first_row(
        own,
        """
        select count(*), (select count(*) from records where customer_type = $1) - count(*)
        from compared
        """,
        [kind.customer_type],
    )
    if records < MINIMUM_RECORDS:
        return Scored(kind, records, left_out)
    linkage = Linkage(own, kind, records, seed)
    # Thresholds below one half are never chosen, so that pairs below it need not be counted.
    model = linkage.predict(min(min_probability, least))
    own.execute(
        f"""
        create table evident as
        select
            least(one.unique_id, other.unique_id) as left_record_key,
            greatest(one.unique_id, other.unique_id) as right_record_key,
            round(scored.match_probability, 6) as match_probability,
            coalesce({kind.is_certain()}, false) as is_certain
        from scored
        inner join compared as one on scored.unique_id_l = one.unique_id
        inner join compared as other on scored.unique_id_r = other.unique_id
        where {kind.is_evident(linkage.fields)}
        """
    )
    new = own.execute("select match_probability from evident where not is_certain").fetchall()
    chance = Chance(kind, model, linkage)
    accepted_from, expected = chance.threshold([row[0] for row in new], precision, least)
    own.execute(
        f"""
        create table judged as
        select
            * exclude (is_certain),
            {accepted_from}::double as accepted_from,
            '{kind.customer_type}' as customer_type
        from evident
        where match_probability >= {min_probability}
        """
    )
    counts = first_row(
        own,
        """
        select
            count(*),
            count(*) filter (match_probability >= accepted_from),
            count(*) filter (match_probability >= $1 and match_probability < accepted_from)
        from judged
        """,
        [least],
    )
    return Scored(kind, records, left_out, linkage.compared, accepted_from, expected, *counts)
