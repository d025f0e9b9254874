"""Normalised records to match: published sets, and a town made by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest

COLUMNS = [
    "record_key",
    "customer_type",
    "name_key",
    "given_name",
    "surname",
    "birth_date",
    "national_id",
    "tax_id",
    "member_id",
    "email",
    "email_local",
    "phone",
    "wechat_id",
    "company_domain",
    "street",
    "house_number",
    "address",
    "postcode",
    "city",
]
GIVEN = [
    "anna",
    "ben",
    "clara",
    "david",
    "emma",
    "felix",
    "grace",
    "henry",
    "ivy",
    "jacob",
    "karen",
    "liam",
    "maria",
    "noah",
    "olivia",
    "peter",
    "queenie",
    "robert",
    "sarah",
    "thomas",
]
SURNAMES = [
    "ashdown",
    "bellamy",
    "corrigan",
    "dunmore",
    "eastwood",
    "fairfax",
    "grimshaw",
    "hollis",
    "ingleby",
    "jessop",
    "kingsley",
    "lockwood",
]

Row = dict[str, Any]
Table = Any  # an Arrow table


def as_table(rows: Iterable[Row]) -> Table:
    """Return rows as a table with the columns of int_identity__normalised."""
    import pyarrow as pa

    known = [
        {"customer_type": "consumer", "email_local": (row.get("email") or "").split("@")[0] or None}
        | row
        for row in rows
    ]
    return pa.table(
        {
            column: pa.array([row.get(column) for row in known], type=pa.string())
            for column in COLUMNS
        }
    )


def _clean(column: str) -> str:
    return f"nullif(regexp_replace(lower({column}), '[^a-z0-9]', '', 'g'), '')"


FEBRL = f"""
    select
        rec_id as record_key,
        true_entity_id::varchar as entity,
        {_clean("given_name")} as given_name,
        {_clean("surname")} as surname,
        strftime(try_strptime(date_of_birth, '%Y%m%d'), '%Y-%m-%d') as birth_date,
        {_clean("soc_sec_id::varchar")} as national_id,
        {_clean("address_1")} as street,
        {_clean("street_number::varchar")} as house_number,
        {_clean("postcode::varchar")} as postcode,
        {_clean("suburb")} as city
    from read_parquet('{{folder}}/{{name}}.parquet')
"""
FAKE_1000 = f"""
    select
        unique_id::varchar as record_key,
        cluster::varchar as entity,
        {_clean("first_name")} as given_name,
        {_clean("surname")} as surname,
        dob::varchar as birth_date,
        case when regexp_full_match(email, '[^@ ]+@[^@ ]+[.][a-z]+') then email end as email,
        {_clean("city")} as city
    from read_parquet('{{folder}}/splink_fake_1000.parquet')
"""


@pytest.fixture(scope="session")
def labelled(reference_data: Path) -> Callable[[str], list[Row]]:
    """A function that returns the records of a published set, with the truth as `entity`."""

    def load(name: str) -> list[Row]:
        query = (FAKE_1000 if name == "fake_1000" else FEBRL).format(
            folder=reference_data, name=name
        )
        cursor = duckdb.execute(query)
        columns = [column[0] for column in cursor.description or []]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]

    return load


@pytest.fixture(scope="session")
def town() -> list[Row]:
    """240 people of different names, and 100 second records of them with an error each."""
    people = []
    for number in range(240):
        given, surname = GIVEN[number % 20], SURNAMES[number // 20]
        people.append(
            {
                "record_key": f"erp:{number:03}",
                "given_name": given,
                "surname": surname,
                "birth_date": f"{1940 + number * 7 % 60}-{1 + number % 12:02}-{1 + number % 28:02}",
                "email": f"{given}.{surname}{number * 37 % 100}@example.com",
                "phone": f"+4930{number * 104729 % 10_000_000:07}",
                "street": f"{SURNAMES[number * 5 % 12]}street",
                "house_number": str(1 + number * 13 % 90),
                "postcode": str(10_000 + number * 17 % 80),
                "city": "berlin",
            }
        )
    return people + [_second(number, person) for number, person in enumerate(people[:100])]


def _second(number: int, person: Row) -> Row:
    given, surname, email = person["given_name"], person["surname"], person["email"]
    errors: list[Row] = [
        {"given_name": given[:-1], "email": None},
        {"given_name": surname, "surname": given, "phone": None},
        {"surname": surname[0] + surname[2] + surname[1] + surname[3:], "birth_date": None},
        {"email": email.replace(".", ""), "street": None, "house_number": None},
        {"given_name": None, "postcode": None},
    ]
    return person | {"record_key": f"crm:contacts:{number:03}"} | errors[number % 5]
