"""Which pairs of records are the same customer, and from which probability on to join them."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from strata.errors import StrataError
from strata.learn.chance import LEAST, MIN_PROBABILITY, PRECISION, Chance
from strata.learn.kind import Kind
from strata.learn.linkage import Linkage
from strata.learn.raw import need_extra
from strata.sql import first_row, quoted

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

    def as_text(self, review: float) -> list[str]:
        """Return what was found, in lines; pairs from `review` on are looked at."""
        name = f"{self.kind.name.capitalize():18}"
        if self.compared is None:
            return [f"{name}{self.records:,} records: fewer than {MINIMUM_RECORDS}, none scored"]
        left_out = f"; {self.left_out:,} left out, they may mix two" if self.left_out else ""
        return [
            f"{name}{self.records:,} records{left_out}; {self.compared:,} pairs compared",
            f"  to join         {self.auto_pairs:,} pairs of probability {self.accepted_from:g} "
            f"and more; expected precision {self.expected_precision:.3f}",
            f"  to review       {self.review_pairs:,} pairs of probability {review:g} and more",
        ]


def score_pairs(
    records: pd.DataFrame | pa.Table | duckdb.DuckDBPyRelation,
    *,
    seed: int = 1,
    min_probability: float = MIN_PROBABILITY,
    precision: float = PRECISION,
    least: float = LEAST,
) -> tuple[pa.Table, list[Scored]]:
    """Return the pairs of records that are the same customer with at least `min_probability`.

    Args:
        records: the columns of `int_identity__normalised`.
        seed: draws the random pairs.
        min_probability: pairs below it are not returned, 0-1.
        precision: required share of correct pairs among those joined, 0-1.
        least: pairs below it are never to be joined, 0-1.

    Returns left_record_key, right_record_key (left < right), match_probability, accepted_from and
    customer_type, sorted by keys; and what was found, by kind of customer. Raises StrataError if
    Splink is not installed, or there are too few records to train on.
    """
    need_extra("match")
    if isinstance(records, duckdb.DuckDBPyRelation):
        records = records.to_arrow_table()
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
        select
            compared.row_count,
            (select count(*) from records where customer_type = $1) - compared.row_count
        from (select count(*) as row_count from compared) as compared
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
