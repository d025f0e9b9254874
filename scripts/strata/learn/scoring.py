"""Which pairs of records are the same customer, and from which probability on to join them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from strata.errors import StrataError
from strata.learn.chance import Chance
from strata.learn.kind import Kind
from strata.learn.linkage import Linkage
from strata.learn.organisations import ORGANISATIONS
from strata.learn.people import PEOPLE
from strata.sql import quoted

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

KINDS = (PEOPLE, ORGANISATIONS)
# Fewer records teach the model nothing.
MINIMUM_RECORDS = 100
# Share of the pairs to be joined that shall be right, the least probability of such a pair, and of
# one that is written.
PRECISION = 0.99
LEAST = 0.5
MIN_PROBABILITY = 0.1


@dataclass(frozen=True)
class Scored:
    """The pairs found of one kind of customers.

    `records` counts those that were compared, `left_out` those that may be mixtures of two;
    `compared` is an upper bound of the pairs, None if there were too few records to train on.
    Pairs from `accepted_from` on are to be joined, and `expected_precision` of them are expected
    to be right.
    """

    kind: Kind
    records: int
    left_out: int = 0
    compared: int | None = None
    accepted_from: float = 1.0
    expected_precision: float = 1.0


def score_pairs(
    records: pd.DataFrame | pa.Table | duckdb.DuckDBPyRelation,
    *,
    seed: int = 1,
    min_probability: float = MIN_PROBABILITY,
    precision: float = PRECISION,
    least: float = LEAST,
    memory_limit: str = "3GB",
) -> tuple[pa.Table, list[Scored]]:
    """Return the pairs of records that are the same customer with at least `min_probability`.

    Args:
        records: the columns of `int_identity__normalised`.
        seed: draws the random pairs.
        min_probability: pairs below it are not returned, 0-1.
        precision: share of the pairs to be joined that shall be right, 0-1.
        least: pairs below it are never to be joined, 0-1.
        memory_limit: of DuckDB.

    Returns:
        left_record_key, right_record_key (left < right), match_probability, accepted_from and
        customer_type; sorted by keys. And what was found, by kind of customer.

    Raises:
        StrataError: if Splink is not installed, or there are too few records to train on.
    """
    need_splink()
    if isinstance(records, duckdb.DuckDBPyRelation):
        records = records.to_arrow_table()
    found: list[Scored] = []
    with duckdb.connect() as pairs:
        pairs.execute(
            "create table pairs (left_record_key varchar, right_record_key varchar,"
            " match_probability double, accepted_from double, customer_type varchar)"
        )
        for kind in KINDS:
            with (
                tempfile.TemporaryDirectory() as folder,
                duckdb.connect(f"{folder}/match.duckdb") as own,
            ):
                own.execute(
                    f"set memory_limit = '{memory_limit}'; set temp_directory = {quoted(folder)};"
                    " set enable_progress_bar = false; set preserve_insertion_order = false"
                )
                own.register("records", records)
                scored = _score(own, kind, seed, min_probability, precision, least)
                found.append(scored)
                if scored.compared is not None:
                    pairs.register("judged", own.table("judged").to_arrow_table())
                    pairs.execute(
                        "insert into pairs select *, ?, ? from judged",
                        [scored.accepted_from, kind.customer_type],
                    )
        if all(scored.compared is None for scored in found):
            counts = " and ".join(f"{made.records} records of {made.kind.name}" for made in found)
            raise StrataError(f"{counts} are too few to train on: at least {MINIMUM_RECORDS}")
        table = pairs.execute("from pairs order by left_record_key, right_record_key")
        return table.to_arrow_table(), found


def need_splink() -> str:
    """Return Splink's version.

    Raises:
        StrataError: if it is not installed.
    """
    try:
        import splink
    except ImportError:
        raise StrataError(
            "probabilistic matching needs Splink: pip install 'strata-warehouse[match]'"
        ) from None
    return str(splink.__version__)


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
    counts = own.execute(
        "select (select count(*) from compared),"
        " (select count(*) from records where customer_type = $customer_type)",
        {"customer_type": kind.customer_type},
    ).fetchone()
    assert counts is not None
    records, given = counts
    if records < MINIMUM_RECORDS:
        return Scored(kind, records, given - records)
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
    own.execute(
        "create table judged as select * exclude (is_certain) from evident"
        f" where match_probability >= {min_probability}"
    )
    new = own.execute("select match_probability from evident where not is_certain").fetchall()
    chance = Chance(kind, model, linkage)
    accepted_from, expected = chance.threshold([row[0] for row in new], precision, least)
    return Scored(kind, records, given - records, linkage.compared, accepted_from, expected)
