"""Strangers stay apart: what tells two records apart, whatever rule or score would join them."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from .rendered import rendered

Row = dict[str, Any]

COLUMNS = {
    "customer_type": "varchar",
    "name_key": "varchar", "given_name": "varchar", "surname": "varchar",
    "is_common_given_name": "boolean", "generation": "varchar", "birth_date": "date",
    "national_id": "varchar", "tax_id": "varchar", "email": "varchar", "email_local": "varchar",
    "phone": "varchar", "company_domain": "varchar", "address": "varchar", "postcode": "varchar",
}  # fmt: skip
HOME = {"address": "12oakst", "postcode": "YO17HH"}


def reason(one: Row, other: Row, **options: Any) -> str | None:
    """Return what tells two people apart, in both directions."""
    relations = [
        "(select "
        + ", ".join(
            f"cast({_literal(row.get(name))} as {kind}) as {name}" for name, kind in COLUMNS.items()
        )
        + f") as {alias}"
        for alias, row in (("one", _with_key(one)), ("other", _with_key(other)))
    ]
    sql = rendered("two_people_reason", "one", "other", **options)
    there = duckdb.sql(f"select {sql} from {' cross join '.join(relations)}").fetchall()
    sql = rendered("two_people_reason", "other", "one", **options)
    back = duckdb.sql(f"select {sql} from {' cross join '.join(relations)}").fetchall()
    assert there == back
    found: str | None = there[0][0]
    return found


def _with_key(row: Row) -> Row:
    parts = [row.get("given_name"), row.get("surname")]
    key = " ".join(sorted(parts)) if all(parts) else None  # type: ignore[arg-type]
    return {"name_key": key, "email_local": (row.get("email") or "").split("@")[0] or None, **row}


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else f"'{value}'"


def person(name: str, born: str | None = None, **more: Any) -> Row:
    given, _, surname = name.partition(" ")
    return {"given_name": given or None, "surname": surname or None, "birth_date": born, **more}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # Twins and spouses: whatever a household shares.
        (
            person("emma clark", "2001-02-03", **HOME),
            person("liam clark", "2001-02-03", **HOME),
            "different_names",
        ),
        (
            person("emma clark", "2001-02-03", email="a@x"),
            person("liam clark", "2001-02-03", email="a@x"),
            "different_names",
        ),
        (person("伟 王", "1990-05-01"), person("芳 王", "1990-05-01"), "different_names"),
        (person("慧 林"), person("慧 区"), "different_names"),
        # An equal national number outweighs the names if the date of birth agrees as well.
        (
            person("carla dorn", "1935-03-14", national_id="5361122"),
            person("lena mast", "1947-06-07", national_id="5361122"),
            "different_names",
        ),
        (
            person("bob lee", "1980-01-02", national_id="5361122"),
            person("robert lee", "1980-01-02", national_id="5361122"),
            None,
        ),
        (
            person("ann lee", "1980-01-02", national_id="5361122"),
            person("ann lee", "1901-07-30", national_id="5361122"),
            None,
        ),
        (
            person("bob lee", "1980-01-02", **HOME),
            person("robert lee", "1980-01-02", **HOME),
            "different_names",
        ),
        # Short forms, initials, typing errors, crossed parts and missing ones are no other names.
        (person("jon lee"), person("jonathan lee"), None),
        (person("j lee"), person("james lee"), None),
        (person("jams lee"), person("james lee"), None),
        (person("lee anna"), person("anna lee"), None),
        (person("anna lee"), person(" lee"), None),
        (person("łukasz nowak"), person("lukasz nowak"), None),
        # Not even if both look alike, once three families use each.
        (
            person("maria lee", is_common_given_name=True),
            person("martin lee", is_common_given_name=True),
            "different_names",
        ),
        (person("maria lee"), person("martin lee", is_common_given_name=True), None),
        (
            person("john lee", is_common_given_name=True),
            person("jon lee", is_common_given_name=True),
            None,
        ),
        # A new surname is no other person, and scripts cannot be compared.
        (person("anna lee", "1988-01-02", **HOME), person("anna wood", "1988-01-02", **HOME), None),
        (person("伟 王"), person("wei wang"), None),
        # Like names beside e-mail addresses of different numbers.
        (
            person("marie lee", email="marie830@x"),
            person("mary lee", email="mary839@x"),
            "different_names",
        ),
        (
            person("marie lee", "1980-01-02", email="marie830@x"),
            person("mary lee", "1980-01-02", email="mary839@x"),
            None,
        ),
        # Parent and child of one name, and namesakes.
        (
            person("john smith", "1952-03-01", **HOME),
            person("john smith", "1981-07-14", **HOME),
            "different_birth_dates",
        ),
        (person("强 李", "1962-03-01"), person("强 李", "1991-07-14"), "different_birth_dates"),
        (
            person("anna lee", "1988-01-02", email="anna.lee@x"),
            person("anna lee", "1961-09-30", email="anna.lee@x"),
            "different_birth_dates",
        ),
        (
            person("anna wong", "1988-01-02", email="wong1@gmail.com"),
            person("anna wong", "1961-09-30", email="wong1@yahoo.com"),
            "different_birth_dates",
        ),
        # Typing errors: one digit, two neighbours, day and month, a year or ten.
        (person("anna lee", "1988-01-02"), person("anna lee", "1988-07-02"), None),
        (person("anna lee", "1988-01-12"), person("anna lee", "1988-01-21"), None),
        (person("anna lee", "1988-03-11"), person("anna lee", "1988-11-03"), None),
        (person("anna lee", "1999-03-11"), person("anna lee", "2000-03-11"), None),
        (person("anna lee", "1999-03-11"), person("anna lee", "2009-03-11"), None),
        (
            person("anna lee", "1999-03-11"),
            person("anna lee", "2010-03-11"),
            "different_birth_dates",
        ),
        (person("anna lee", "1988-01-02"), person("anna lee"), None),
        # Too near in age for parent and child who share a home, a phone number or a mailbox.
        (person("anna lee", "1988-01-02", **HOME), person("anna lee", "2000-11-30", **HOME), None),
        (
            person("anna lee", "1988-01-02", **HOME),
            person("anna lee", "2001-11-30", **HOME),
            "different_birth_dates",
        ),
        (
            person("anna lee", "1988-01-02", phone="1"),
            person("anna lee", "1996-11-30", phone="1"),
            None,
        ),
        (
            person("anna lee", "1988-01-02", email="lee@x.com"),
            person("anna lee", "1996-11-30", email="lee@x.con"),
            None,
        ),
        (
            person("anna lee", "1988-01-02", email="lee@x.com"),
            person("anna lee", "1996-11-30", email="lee@another.org"),
            "different_birth_dates",
        ),
        (
            person("anna lee", "1988-01-02", email="lee12@x.com"),
            person("anna lee", "1996-11-30", email="lee12@another.org"),
            None,
        ),
        # Senior and junior.
        (person("john smith", generation="2"), person("john smith"), "different_generations"),
        (
            person("john smith", generation="2"),
            person("john smith", generation="3"),
            "different_generations",
        ),
        (person("john smith", generation="1"), person("john smith"), None),
        (
            person("john smith", "1981-07-14", generation="2"),
            person("john smith", "1981-07-14"),
            None,
        ),
        (
            person("john smith", generation="2", email="js@x"),
            person("john smith", email="js@x"),
            None,
        ),
        # Another house in another street, and not quite the same date of birth.
        (
            person("anna lee", "1988-01-02", address="12oakst"),
            person("anna lee", "1988-01-03", address="77elmroad"),
            "different_homes",
        ),
        (
            person("anna lee", "1988-01-02", address="12oakst"),
            person("anna lee", "1988-01-02", address="77elmroad"),
            None,
        ),
        (
            person("anna lee", "1988-01-02", address="12oakst"),
            person("anna lee", "1988-01-03", address="77oakst"),
            None,
        ),
        (
            person("anna lee", "1988-01-02", address="12oakst"),
            person("anna lee", address="77elmroad"),
            None,
        ),
        # Namesakes among organisations: another home or web domain, and nothing else agrees.
        (
            {"customer_type": "business", "address": "12oakst"},
            {"customer_type": "business", "address": "77elmroad"},
            "different_homes",
        ),
        (
            {"customer_type": "business", "company_domain": "acme.com"},
            {"customer_type": "business", "company_domain": "acme.de"},
            "different_homes",
        ),
        *[
            (
                {"customer_type": "business", "address": "12oakst", shared: "same"},
                {"customer_type": "business", "address": "77elmroad", shared: "same"},
                None,
            )
            for shared in ("tax_id", "phone", "email", "company_domain")
        ],
        (
            {"customer_type": "business", "company_domain": "acme.com", "address": "12oakst"},
            {"customer_type": "business", "company_domain": "acme.de", "address": "12oakst"},
            None,
        ),
        (
            {"customer_type": "consumer", "address": "12oakst"},
            {"customer_type": "consumer", "address": "77elmroad"},
            None,
        ),
        # Two national numbers, and no address that speaks for one person.
        (
            person("anna lee", national_id="123456"),
            person("anna lee", national_id="987654"),
            "different_strong_ids",
        ),
        (person("anna lee", national_id="123456"), person("anna lee", national_id="123465"), None),
        (
            person("anna lee", national_id="123456", **HOME),
            person("anna lee", national_id="987654", **HOME),
            None,
        ),
        # Numbers in the names, of people and of firms.
        ({"name_key": "shop2"}, {"name_key": "shop12"}, "different_name_numbers"),
        ({"name_key": "shop2"}, {"name_key": "shop"}, None),
        ({"name_key": "shop2", "tax_id": "T1"}, {"name_key": "shop12", "tax_id": "T1"}, None),
    ],
)
def test_what_tells_two_records_apart(one: Row, other: Row, expected: str | None) -> None:
    assert reason(one, other) == expected


def test_where_an_address_stands_for_one_person_an_error_is_an_error() -> None:
    """Another name beside an equal date of birth, another date of birth at an equal address."""
    none = {"has_households": "false"}
    emma, liam = (person(f"{name} clark", "2001-02-03", **HOME) for name in ("emma", "liam"))
    assert reason(emma, liam, **none) is None
    assert reason(emma, liam | {"birth_date": "1950-11-30"}, **none) == "different_names"
    old = person("emma clark", "1950-11-30", **HOME)
    assert reason(emma, old, **none) is None
    moved = old | {"address": "77elmroad"}
    assert reason(emma, moved, **none) == "different_birth_dates"


def test_what_others_join_is_taken_apart_only_beyond_doubt() -> None:
    """Ten years between two dates may be an error; thirteen, or another name, is none."""
    ann = person("ann lee", "1988-01-02")
    linked = {"are_linked": True}
    assert reason(ann, person("ann lee", "2000-11-30"), **linked) is None
    assert reason(ann, person("ann lee", "2001-11-30"), **linked) == "different_birth_dates"
    assert reason(ann, person("bob lee", "1988-01-02"), **linked) == "different_names"
