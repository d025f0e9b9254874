"""Ways to spoil FEBRL2: phones that are wrong, shared by strangers, or shared at home.

Each function returns SQL over a relation with rec_id, true_entity_id, surname and, but for the
first, phone. Everything is drawn by hashes of ids, so that the same rows come out every time.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

ONE_PHONE = "+61491570156"


def _unit(column: str, salt: str) -> str:
    """Return the SQL of a number in [0, 1) that depends on a column's value alone."""
    return f"(cast(hash({column}, '{salt}') % 1000003 as double) / 1000003)"


def with_phones(relation: str, wrong: float = 0.1, seed: int = 1) -> str:
    """Give every record its entity's phone, and a share of the records a wrong one.

    Half of the wrong phones are nobody else's and half are another entity's.
    """
    return f"""
        select
            * exclude (last_entity_id),
            case
                when {_unit("rec_id", f"wrong {seed}")} >= {wrong}
                    then format('+61412{{:06d}}', true_entity_id)
                when {_unit("rec_id", f"whose {seed}")} < 0.5
                    then format('+61413{{:06d}}', row_number() over (order by rec_id))
                else format(
                    '+61412{{:06d}}', hash(rec_id, 'other {seed}') % cast(last_entity_id as ubigint)
                )
            end as phone
        from (select *, max(true_entity_id) over () as last_entity_id from {relation})
    """


def with_one_phone(relation: str, share: float, seed: int = 1) -> str:
    """Put one and the same phone on a share of the records."""
    drawn = f"{_unit('rec_id', f'one phone {seed}')} < {share}"
    return (
        f"select * replace (case when {drawn} then '{ONE_PHONE}' else phone end as phone)"
        f" from {relation}"
    )


def with_households(relation: str, households: int = 500, seed: int = 1) -> str:
    """Let four entities each live in one household: one surname and one phone for all of them.

    The members of a household have different given names, as far as the set has them.
    """
    return f"""
        with people as (
            select
                true_entity_id,
                max(given_name) as given_name,
                max(surname) as surname
            from {relation}
            group by true_entity_id
        ),

        -- Ordered by given name and dealt out like cards, nobody meets a namesake.
        dealt as (
            select
                *,
                (row_number() over (order by given_name, true_entity_id) - 1) % {households}
                    as household
            from people
            where {_unit("true_entity_id", f"household {seed}")} < 0.9
        ),

        members as (
            select
                *,
                first_value(surname) over (
                    partition by household order by given_name, true_entity_id
                ) as family_name
            from dealt
            qualify row_number() over (
                partition by household order by given_name nulls last, true_entity_id
            ) <= 4
        )

        select input.* replace (
            case when members.household is null then input.surname else members.family_name end
                as surname,
            case
                when members.household is null then input.phone
                else format('+61414{{:06d}}', members.household)
            end as phone
        )
        from {relation} as input
        left join members using (true_entity_id)
    """


def write(query: str, target: Path) -> Path:
    """Write the rows of a query to a Parquet file."""
    duckdb.sql(query).write_parquet(str(target))
    return target
