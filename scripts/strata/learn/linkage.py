"""How likely two records are the same customer: Splink, trained without labels.

Splink fits the model of Fellegi and Sunter (1969): for every level of agreement of a field, m is
its share among pairs of one customer and u among pairs of two. u is measured on random pairs, m by
expectation maximisation on pairs that agree in one field after another.
"""

from __future__ import annotations

import logging
from typing import Any

import duckdb

from strata.learn.kind import Kind
from strata.sql import first_row

# A field that fewer records than this know, or that never varies, is left out.
MINIMUM_KNOWN = 20
# Pairs that share the key of a block are compared; a key whose largest blocks would bring more
# pairs than this gives those blocks up. Small files are so compared widely, large ones in time.
PAIRS_PER_BLOCK_KEY = 500_000
PAIRS_PER_BLOCK_KEY_AND_RECORD = 3
# Random pairs to measure u on, and the most pairs that one round of training reads.
RANDOM_PAIRS = 1_000_000
TRAINING_PAIRS = 1_000_000
MINIMUM_TRAINING_PAIRS = 50
# How many of the true pairs the certain rules are taken to find.
CERTAIN_RECALL = 0.7
# The share that the starting values of m keep beside the trained ones, so that a level that
# training never saw does not become impossible.
STARTING_SHARE = 0.1
SMALLEST_SHARE = 1e-6


class Linkage:
    """The records of one kind in table compared, and the model that is fitted on them.

    `known` is the share of the records that know a field, for the fields in use; `compared` an
    upper bound of the pairs.
    """

    def __init__(self, own: duckdb.DuckDBPyConnection, kind: Kind, records: int, seed: int) -> None:
        self._own, self._kind, self.records, self._seed = own, kind, records, seed
        self.known = self._known()
        self.fields = list(self.known)
        self._keys, self.compared = self._block()

    def predict(self, min_probability: float) -> dict[str, Any]:
        """Train; make table scored with the probability and every field's level; return the model.

        It is the model as Splink saves it.
        """
        from splink import DuckDBAPI, SettingsCreator, block_on

        prior = self._prior()
        settings = SettingsCreator(
            link_type="dedupe_only",
            comparisons=[self._kind.comparison(field) for field in self.fields],
            blocking_rules_to_generate_predictions=[block_on(key) for key in self._keys],
            probability_two_random_records_match=prior,
            retain_matching_columns=True,  # and with them the level of every field
            retain_intermediate_calculation_columns=False,
            linker_uid="strata",
        )
        database = DuckDBAPI(self._own)
        table = database.register("compared")
        logging.getLogger("splink").setLevel(logging.ERROR)
        blocks = [
            (columns, pairs)
            for columns in self._kind.training
            if (pairs := self._agreeing_pairs(columns)) >= MINIMUM_TRAINING_PAIRS
        ]
        linker = self._linker(database, table, settings)
        linker.training.estimate_u_using_random_sampling(
            max_pairs=RANDOM_PAIRS + 1, seed=self._seed, min_count_per_level=None
        )
        untrained = linker.misc.save_model_to_json()
        while True:
            try:
                for columns, pairs in blocks:
                    limit = {"max_pairs": TRAINING_PAIRS, "record_sample_proportion": 0.1}
                    linker.training.estimate_parameters_using_expectation_maximisation(
                        block_on(*columns), **(limit if pairs > TRAINING_PAIRS else {})
                    )
                break
            except ValueError:
                # Splink stops half-way where a share becomes 0, as in a block in which hardly any
                # pair is one customer. Begin again without it.
                blocks.remove((columns, pairs))
                linker = self._linker(database, table, untrained)
        model: dict[str, Any] = linker.misc.save_model_to_json()
        self._steady(model, prior)
        trained = self._linker(database, table, model)
        scored = trained.inference.predict(threshold_match_probability=min_probability)
        self._own.execute(f"create table scored as from {scored.physical_name}")
        return model

    def rarities(self) -> dict[str, list[float]]:
        """Return the shares of the values of each column whose rare values weigh more."""
        query = "select field, list(rarity order by rarity) from rarities group by field"
        found = dict(self._own.execute(query).fetchall())
        return {column: found.get(column, []) for column in self._kind.rare_columns()}

    def _known(self) -> dict[str, float]:
        """Return the fields with enough values to compare, and the share of the records."""
        known = {}
        for field in self._kind.levels:
            value = self._kind.value(field)
            query = f"select count(distinct {value}), count({value}) from compared"
            different, count = first_row(self._own, query)
            if different > 1 and count >= MINIMUM_KNOWN:
                known[field] = count / self.records
        return known

    def _block(self) -> tuple[list[str], int]:
        """Add the block keys to the table; return those in use, and the most pairs they bring."""
        budget = max(PAIRS_PER_BLOCK_KEY, PAIRS_PER_BLOCK_KEY_AND_RECORD * self.records)
        used, compared = [], 0
        for name, expression in self._kind.block_keys.items():
            self._own.execute(
                f"""
                create or replace temp table sizes as
                select {expression} as block_value, count(*) as block_size
                from compared
                group by all
                having block_value is not null and block_size > 1
                """
            )
            largest, pairs = first_row(
                self._own,
                f"""
                select max(block_size), max(pairs)
                from (
                    select
                        block_size,
                        sum(count(*) * block_size * (block_size - 1) // 2)
                            over (order by block_size) as pairs
                    from sizes
                    group by block_size
                )
                where pairs <= {budget}
                """,
            )
            if largest is None:
                continue
            self._own.execute(
                f"""
                alter table compared add column block_{name} varchar;
                update compared set block_{name} = {expression}
                where {expression} in (
                    select block_value from sizes where block_size <= {largest}
                )
                """
            )
            used.append(f"block_{name}")
            compared += int(pairs)
        return used, compared

    def _linker(self, database: Any, table: Any, settings: Any) -> Any:
        from splink import Linker

        linker = Linker(table, settings, log_level=None)
        self._own.execute(
            """
            create or replace table rarities as
            select
                field,
                field_value,
                people_count / sum(people_count) over (partition by field) as rarity
            from carriers
            where people_count > 0
            """
        )
        for column in self._kind.rare_columns():
            rarity = self._own.sql(
                f"select field_value as {column}, rarity as tf_{column} from rarities"
                f" where field = '{column}'"
            ).to_arrow_table()
            linker.table_management.register_term_frequency_lookup(
                database.register(rarity), column
            )
        return linker

    def _agreeing_pairs(self, columns: list[str]) -> int:
        """Return how many pairs of records agree in all the columns."""
        present = " and ".join(f"{column} is not null" for column in columns)
        (pairs,) = first_row(
            self._own,
            f"""
            select coalesce(sum(block_size * (block_size - 1) // 2), 0)
            from (
                select count(*) as block_size
                from compared
                where {present}
                group by {", ".join(columns)}
            )
            """,
        )
        return int(pairs)

    def _prior(self) -> float:
        """Return the share of all pairs that are one customer, by rules that are nearly certain."""
        joins = " union ".join(
            f"""
            select one.unique_id as one_id, other.unique_id as other_id
            from compared as one
            inner join compared as other using ({", ".join(columns)})
            where one.unique_id < other.unique_id
            """
            for columns in self._kind.certain
        )
        (pairs,) = first_row(self._own, f"select count(*) from ({joins})")
        return float((pairs / CERTAIN_RECALL + 1) / (self.records * (self.records - 1) / 2))

    def _steady(self, model: dict[str, Any], prior: float) -> None:
        """Correct the trained shares of a model for what few records do to them.

        Random pairs hold a pair of one customer now and then, which in a small file is all that u
        of "equal" consists of: take those out of u. And keep a part of m's starting value.
        """
        for trained in model["comparisons"]:
            starting = self._kind.levels[trained["output_column_name"]]
            levels = [one for one in trained["comparison_levels"] if not one.get("is_null_level")]
            for level, (_, _, start, *_) in zip(levels, starting, strict=True):
                share, random = level.get("m_probability"), level.get("u_probability")
                share = share if isinstance(share, float) else start
                random = random if isinstance(random, float) else SMALLEST_SHARE
                share = (1 - STARTING_SHARE) * share + STARTING_SHARE * start
                random = max((random - prior * share) / (1 - prior), SMALLEST_SHARE)
                level["m_probability"], level["u_probability"] = share, random
