"""How likely two records are the same person: Splink, trained without labels.

Splink fits the model of Fellegi and Sunter (1969): for every level of agreement of a field, m is
its share among pairs of one person and u among pairs of two. u is measured on random pairs, m by
expectation maximisation on pairs that agree in one field after another.
"""

from __future__ import annotations

import logging
import tempfile
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import duckdb

from strata.errors import StrataError
from strata.model.comparisons import LEVELS, comparison
from strata.sql import quoted

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

SEED = 1
# Fewer people teach the model nothing.
MINIMUM_PEOPLE = 100
# A field that fewer records than this know, or that never varies, is left out.
MINIMUM_KNOWN = 20
# Pairs that share the key of a block are compared; a key whose largest blocks would bring more
# pairs than this gives those blocks up. Small files are so compared widely, large ones in time.
PAIRS_PER_BLOCK_KEY = 500_000
PAIRS_PER_BLOCK_KEY_AND_PERSON = 3
# Random pairs to measure u on, and the most pairs that one round of training reads.
RANDOM_PAIRS = 1_000_000
TRAINING_PAIRS = 1_000_000
# How many of the true pairs the certain rules are taken to find.
CERTAIN_RECALL = 0.7
# The share that the starting values of m keep beside the trained ones, so that a level that
# training never saw does not become impossible.
STARTING_SHARE = 0.1
SMALLEST_SHARE = 1e-6
# A record that fits two people who are clearly different is for a person to judge.
AMBIGUOUS_PROBABILITY = 0.5

BLOCK_KEYS = {
    "national_id": "national_id",
    "email": "email",
    "email_local": "email_local",
    "phone": "phone",
    "full_name": "full_name",
    "given_name": "given_name",
    "surname": "surname",
    "birth_date": "birth_date",
    "address": "address",
    "street_and_postcode": "street || '|' || postcode",
    "initials": "substr(given_name, 1, 3) || '|' || substr(surname, 1, 3)",
    "given_name_and_birth_date": "given_name || '|' || birth_date",
    "surname_and_birth_date": "surname || '|' || birth_date",
    "given_name_and_city": "given_name || '|' || city",
    "surname_and_city": "surname || '|' || city",
    "given_name_and_postcode": "given_name || '|' || postcode",
    "surname_and_postcode": "surname || '|' || postcode",
    "birth_date_and_postcode": "birth_date || '|' || postcode",
    "birth_date_and_city": "birth_date || '|' || city",
    "everybody": "'x'",
}
# Pairs that agree so are nearly always one person: for the share of matches, and to learn from.
CERTAIN = [
    ("national_id",),
    ("email",),
    ("phone", "given_name"),
    ("full_name", "birth_date"),
    ("full_name", "address"),
    ("full_name", "postcode"),
    ("birth_date", "address"),
]
TRAINING = [
    ("national_id",),
    ("email",),
    ("phone",),
    ("full_name", "birth_date"),
    ("full_name", "postcode"),
    ("full_name", "city"),
    ("birth_date", "postcode"),
    ("address",),
]
MINIMUM_TRAINING_PAIRS = 50


@dataclass(frozen=True)
class Scores:
    """Scored pairs.

    `pairs` has the columns of `model_identity_pairs`; `people` counts the records that were
    compared, `contested` those that were left out; `compared` is an upper bound of the pairs.
    """

    pairs: pa.Table
    people: int
    contested: int
    compared: int


def score_pairs(
    records: pd.DataFrame | pa.Table | duckdb.DuckDBPyRelation,
    *,
    seed: int = SEED,
    min_probability: float = 0.1,
) -> pa.Table:
    """Return the pairs of records that are the same person with at least `min_probability`.

    Args:
        records: the columns of `int_identity__normalised`; other than consumers are ignored.
        seed: draws the random pairs.
        min_probability: pairs below it are not returned, 0-1.

    Returns:
        left_record_key, right_record_key (left < right), match_probability; sorted by keys.

    Raises:
        StrataError: if Splink is not installed, or there are too few people to train on.
    """
    return score(records, seed=seed, min_probability=min_probability).pairs


def score(
    records: pd.DataFrame | pa.Table | duckdb.DuckDBPyRelation,
    *,
    seed: int = SEED,
    min_probability: float = 0.1,
    memory_limit: str = "3GB",
) -> Scores:
    """Do what `score_pairs` does, and say how much was compared."""
    need_splink()
    if isinstance(records, duckdb.DuckDBPyRelation):
        records = records.to_arrow_table()
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(f"{folder}/match.duckdb") as own:
        own.execute(f"set memory_limit = '{memory_limit}'; set enable_progress_bar = false")
        own.execute(f"set temp_directory = {quoted(folder)}")
        own.execute("set preserve_insertion_order = false")
        own.register("records", records)
        own.execute(files("strata.model").joinpath("people.sql").read_text(encoding="utf-8"))
        people = _number(own, "select count(*) from people")
        if people < MINIMUM_PEOPLE:
            raise StrataError(
                f"{people} records of people are too few to train on: at least {MINIMUM_PEOPLE}"
            )
        contested = _number(own, "select count(*) from contested_records")
        fields = _usable_fields(own)
        keys, compared = _block(own, people)
        _predict(own, fields, keys, people, seed, min_probability)
        _judge(own, fields, min_probability)
        own.execute("from judged order by left_record_key, right_record_key")
        return Scores(own.to_arrow_table(), people, contested, compared)


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


def _number(own: duckdb.DuckDBPyConnection, query: str) -> int:
    row = own.execute(query).fetchone()
    assert row is not None
    return int(row[0] or 0)


def _usable_fields(own: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the fields with enough values to compare."""
    usable = []
    for field in LEVELS:
        value = "coalesce(given_name, surname)" if field == "name" else field
        query = f"select count({value}) >= {MINIMUM_KNOWN} and count(distinct {value}) > 1"
        if _number(own, f"{query} from people"):
            usable.append(field)
    return usable


def _block(own: duckdb.DuckDBPyConnection, people: int) -> tuple[list[str], int]:
    """Add the block keys to table people; return those in use, and the pairs they bring at most."""
    budget = max(PAIRS_PER_BLOCK_KEY, PAIRS_PER_BLOCK_KEY_AND_PERSON * people)
    used, compared = [], 0
    for name, expression in BLOCK_KEYS.items():
        own.execute(
            f"""
            create or replace temp table sizes as
            select {expression} as block_value, count(*) as block_size
            from people
            group by all
            having block_value is not null and block_size > 1
            """
        )
        row = own.execute(
            f"""
            select max(block_size), max(pairs)
            from (
                select
                    block_size,
                    sum(count(*) * block_size * (block_size - 1) // 2) over (order by block_size)
                        as pairs
                from sizes
                group by block_size
            )
            where pairs <= {budget}
            """
        ).fetchone()
        largest, pairs = row or (None, 0)
        if largest is None:
            continue
        own.execute(f"alter table people add column block_{name} varchar")
        own.execute(
            f"""
            update people set block_{name} = {expression}
            where {expression} in (select block_value from sizes where block_size <= {largest})
            """
        )
        used.append(f"block_{name}")
        compared += int(pairs)
    return used, compared


def _predict(
    own: duckdb.DuckDBPyConnection,
    fields: list[str],
    keys: list[str],
    people: int,
    seed: int,
    min_probability: float,
) -> None:
    """Train, and make table scored with the probability and the level of every field."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    known = {column for column in ("given_name", "full_name", *fields) if column != "name"}
    prior = _prior(own, known, people)
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[comparison(field) for field in fields],
        blocking_rules_to_generate_predictions=[block_on(key) for key in keys],
        probability_two_random_records_match=prior,
        retain_matching_columns=True,  # and with them the level of every field
        retain_intermediate_calculation_columns=False,
        linker_uid="strata",
    )
    database = DuckDBAPI(own)
    table = database.register("people")
    logging.getLogger("splink").setLevel(logging.ERROR)
    linker = Linker(table, settings, log_level=None)
    _register_rarity(linker, database)
    linker.training.estimate_u_using_random_sampling(
        max_pairs=RANDOM_PAIRS + 1, seed=seed, min_count_per_level=None
    )
    for columns in TRAINING:
        if not known.issuperset(columns):
            continue
        pairs = _agreeing_pairs(own, columns)
        if pairs >= MINIMUM_TRAINING_PAIRS:
            limit = {"max_pairs": TRAINING_PAIRS, "record_sample_proportion": 0.1}
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*columns), **(limit if pairs > TRAINING_PAIRS else {})
            )
    model = linker.misc.save_model_to_json()
    _steady(model, prior)
    trained = Linker(table, model, log_level=None)
    _register_rarity(trained, database)
    scored = trained.inference.predict(threshold_match_probability=min(min_probability, 0.5))
    own.execute(f"create table scored as from {scored.physical_name}")


def _register_rarity(linker: Any, database: Any) -> None:
    columns = {level[3] for levels in LEVELS.values() for level in levels if level[3]}
    for column in sorted(columns):
        rarity = database.duckdb_con.sql(
            f"""
            select
                field_value as {column},
                people_count / sum(people_count) over () as tf_{column}
            from carriers
            where field = '{column}' and people_count > 0
            """
        ).to_arrow_table()
        linker.table_management.register_term_frequency_lookup(database.register(rarity), column)


def _agreeing_pairs(own: duckdb.DuckDBPyConnection, columns: tuple[str, ...]) -> int:
    """Return how many pairs of people agree in all the columns."""
    listed = ", ".join(columns)
    present = " and ".join(f"{column} is not null" for column in columns)
    return _number(
        own,
        f"""
        select sum(block_size * (block_size - 1) // 2)
        from (select count(*) as block_size from people where {present} group by {listed})
        """,
    )


def _prior(own: duckdb.DuckDBPyConnection, known: set[str], people: int) -> float:
    """Return the share of all pairs that are one person, from the rules that are nearly certain."""
    joins = []
    for columns in CERTAIN:
        if known.issuperset(columns):
            joins.append(
                f"""
                select one.unique_id as one_id, other.unique_id as other_id
                from people as one
                inner join people as other using ({", ".join(columns)})
                where one.unique_id < other.unique_id
                """
            )
    pairs = _number(own, f"select count(*) from ({' union '.join(joins)})") if joins else 0
    return (pairs / CERTAIN_RECALL + 1) / (people * (people - 1) / 2)


def _steady(model: dict[str, Any], prior: float) -> None:
    """Correct the trained shares of a model for what few records do to them.

    Random pairs hold a pair of one person now and then, which in a small file is all that u of
    "equal" consists of: take those out of u. And keep a part of m's starting value.
    """
    for trained in model["comparisons"]:
        starting = [share for _, _, share, _ in LEVELS[trained["output_column_name"]]]
        levels = [level for level in trained["comparison_levels"] if not level.get("is_null_level")]
        for level, start in zip(levels, starting, strict=True):
            share, random = level.get("m_probability"), level.get("u_probability")
            share = share if isinstance(share, float) else start
            random = random if isinstance(random, float) else SMALLEST_SHARE
            share = (1 - STARTING_SHARE) * share + STARTING_SHARE * start
            random = max((random - prior * share) / (1 - prior), SMALLEST_SHARE)
            level["m_probability"], level["u_probability"] = share, random


def _judge(own: duckdb.DuckDBPyConnection, fields: list[str], min_probability: float) -> None:
    """Make table judged: the pairs that no plain fact speaks against."""
    script = files("strata.model").joinpath("judge.sql").read_text(encoding="utf-8")
    levels = {field: f"gamma_{field}" if field in fields else "-1" for field in LEVELS}
    own.execute(
        script.format(**levels, ambiguous=AMBIGUOUS_PROBABILITY, min_probability=min_probability)
    )
