"""A sample company, made once, and what all tests of it ask."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from strata_lab.sample.generate import SampleOptions, make_sample

END = date(2026, 10, 31)


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company of 1,500 customers."""
    out = tmp_path_factory.mktemp("company")
    make_sample(SampleOptions(customers=1500, seed=7, end=END, every_fault=True), out)
    return out


@pytest.fixture(scope="session")
def tables(company: Path) -> duckdb.DuckDBPyConnection:
    """The raw files as views of their own names, the truth as truth_<name>."""
    connection = duckdb.connect()
    for path in company.glob("raw/*.parquet"):
        connection.execute(f"create view {path.stem} as from '{path}'")
    for path in company.glob("truth/*.parquet"):
        connection.execute(f"create view truth_{path.stem} as from '{path}'")
    # Keys and times of the contract, in the plain notation and the others.
    connection.execute(
        """
        create macro moment(written) as case
            when written like '%Z' then cast(replace(replace(written, 'Z', ''), 'T', ' ')
                as timestamp) + interval 8 hour
            when written like '%年%' then strptime(written, '%Y年%-m月%-d日')
            else cast(replace(replace(left(written, 19), '/', '-'), 'T', ' ') as timestamp)
        end;
        create macro business_date(written) as cast(moment(written) as date);
        """
    )
    return connection


def good(table: str, key: str) -> str:
    """SQL of the newest version of every key that is not a planted fault."""
    return f"""(
        select * from {table}
        where {key} is not null and {key} not in (
            select record_key from truth_faults
            where source_table = '{table}' and record_key is not null
                and expected_status = 'rejected' and expected_reason != 'conflicting_duplicate'
        )
        qualify row_number() over (partition by {key} order by updated_at desc) = 1
    )"""


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    result: list[tuple[object, ...]] = connection.execute(sql).fetchall()
    return result


def one(connection: duckdb.DuckDBPyConnection, sql: str) -> object:
    return rows(connection, sql)[0][0]
