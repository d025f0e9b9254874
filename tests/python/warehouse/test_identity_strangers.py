"""Strangers stay apart: people, households and organisations that share much, resolved as files."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from strata.intake.contract import contract
from strata.project import project_dir
from strata_lab.identity import IdentityReport, measure, resolve

from .households import made
from .rendered import rendered

PEOPLE = project_dir() / "examples" / "people"
DUPEHELL = "DUPEHELL MISSING: install requirements-dev.txt, which holds it"
Row = dict[str, Any]


@pytest.fixture
def firms(tmp_path: Path) -> Path:
    """A mapping folder that reads customers as they are, firms unless they say something else."""
    folder = tmp_path / "as_is"
    folder.mkdir()
    columns = next(table.columns for table in contract() if table.name == "erp_customers")
    lines = ["inputs:", "  erp_customers:", "    columns:"]
    lines += [
        f"      {c.name}: {{needed: {str(c.name == 'customer_code').lower()}}}" for c in columns
    ]
    (folder / "mapping.yml").write_text("\n".join(lines), encoding="utf-8")
    (folder / "erp_customers.sql").write_text(
        "select * exclude (input_row)"
        " replace (coalesce(customer_type, 'business') as customer_type) from erp_customers",
        encoding="utf-8",
    )
    return folder


Resolve = Callable[..., tuple[IdentityReport, list[tuple[Any, ...]]]]


@pytest.fixture
def resolved(tmp_path: Path) -> Resolve:
    """A function that resolves rows; gives the figures and the review queue's rows of a query."""

    def run(mapping: Path, rows: Iterable[Row], query: str = REVIEW) -> Any:
        key = "record_id" if mapping == PEOPLE else "customer_code"
        numbered = [{key: number, **row} for number, row in enumerate(rows, start=1)]
        file = tmp_path / "rows.csv"
        with file.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, list(dict.fromkeys(n for row in numbered for n in row)))
            writer.writeheader()
            writer.writerows(numbered)
        name = str(file) if mapping == PEOPLE else f"erp_customers={file}"
        with resolve(mapping, (name,), truth_column="who") as (connection, labels):
            return measure(connection, labels), connection.execute(query).fetchall()

    return run


REVIEW = """
    select left_record_key, right_record_key, two_people_reason
    from intermediate.int_identity__proposed_edges
    where not is_accepted and strength = 'strong'
    order by all
"""
BLOCKED = """
    select identifier_type, identifier_value, record_count
    from restricted.blocked_identifier_values
    where blocked_reason = 'damaged_number'
    order by all
"""
HEADINGS = "given_name,surname,date_of_birth,national_id,email,phone,address,city,postcode"
TWELVE = """
    Anna,Schmidt,1990-05-01,,,,,Berlin,10115
    Peter,Schmidt,1990-05-01,,,,,Berlin,10115
    Martin,Holtz,1952-03-02,,,,118 harbour lane,Boston,02101
    Irene,Holtz,1952-03-02,,,,118 harbour lane,Boston,02101
    Carla,Dorn,1935-03-14,5361122,,,52 mill street,Oakham,2483
    Lena,Mast,1947-06-07,5361122,,,11 river street,Selby,2099
    Anna,Lee,1988-01-02,,anna.lee@example.com,+14155550101,,Boston,02101
    Anna,Lee,1961-09-30,,anna.lee@example.com,+12125550199,,Denver,80014
    Anna,Wong,1988-01-02,,anna.wong1@gmail.com,,,Boston,
    Anna,Wong,1961-09-30,,anna.wong1@yahoo.com,,,Denver,
    王,伟,1990-05-01,,,,,上海,200001
    王,芳,1990-05-01,,,,,上海,200001
"""


def test_twelve_people_are_twelve_customers(resolved: Resolve) -> None:
    """A sibling, spouses, an equal national number with all else different, namesakes."""
    rows = [
        dict(zip(HEADINGS.split(","), line.strip().split(","), strict=True)) | {"who": line}
        for line in TWELVE.strip().splitlines()
    ]
    report, review = resolved(PEOPLE, rows)
    assert report.figures.customers == 12, report.as_text()
    assert review == [("erp:5", "erp:6", "different_names")]


def test_numbers_that_a_spreadsheet_damaged_identify_nobody(resolved: Resolve, firms: Path) -> None:
    """In exponents, with the last digits rounded away, or as the sign of a column too narrow."""
    damaged = {
        "national_id": ["1.10101E+17", "9E+15", "110101199001011000", "########"],
        "member_id": ["8.60E+15", "8,6E15", "8.6E15", "860012345678901000", "#REF!"],
        "tax_id": ["9.132E+17", "913200001234567000"],
    }
    rows = [
        {
            column: value,
            "customer_type": "business" if column == "tax_id" else "consumer",
            "customer_name": f"{name} {value[-1]}",
            "who": f"{value} {name}",
        }
        for column, values in damaged.items()
        for value in values
        for name in ("Ada Quill", "Boris Stone")
    ]
    sound = [
        {"member_id": value, "customer_type": "consumer", "customer_name": "Cy Wood", "who": value}
        for value in ("860012345678901234", "1E5", "12345E67")
    ]
    report, blocked = resolved(firms, [*rows, *sound, *sound], BLOCKED)
    assert report.figures.customers == len(rows) + len(sound), report.as_text()
    assert report.figures.pairwise.f1 == 1
    assert blocked == sorted((c, v, 2) for c, values in damaged.items() for v in values)


ELMWOOD = {"phone": "+14155550107", "email": "office@elmwood-school.example", "city": "Denver"}
ACME = {"phone": "+14155550111", "city": "Boston", "postcode": "02101"}
BETA = {"phone": "+14155550122", "city": "Boston", "postcode": "02101"}


def test_one_organisation_in_three_spellings_is_one(resolved: Resolve, firms: Path) -> None:
    rows = [
        {"who": who, "customer_name": name, "address": address, **more}
        for who, name, address, more in [
            (1, "Elmwood School", "12 N Park Ave", ELMWOOD),
            (1, "Denver District Schools - Elmwood", "12 N. Park", ELMWOOD),
            (1, "Elmwood Elementary", "12 N Park Avenue", ELMWOOD),
            (2, "Acme Trading Co Ltd", "1 Main St", ACME),
            (2, "Acme Trading", "1 Main Street", ACME),
            (2, "ACME Trading Company USA", "1 Main St.", ACME),
            (3, "Beta Labs", "9 Oak St", BETA),
            (3, "Beta Laboratories", "9 Oak Street", BETA),
        ]
    ]
    report, _ = resolved(firms, rows)
    assert report.figures.customers == 3 and report.figures.pairwise.f1 == 1, report.as_text()


def test_organisations_of_one_switchboard_stay_apart(resolved: Resolve, firms: Path) -> None:
    """A holding, the branches of a franchise, and two firms that only a number tells apart."""
    rows = [
        {"who": name, "customer_name": name, "phone": phone, "email": f"{n}@{domain}", "city": city}
        for phone, domain, city, names in [
            ("02166668888", "kangda.example", "Shanghai", ["Kangda Holding", "Kangda Pharma"]),
            ("02166669999", "huaxin.example", "Shanghai", ["华新控股", "华新医药", "华新物流"]),
            ("4001234567", "brew.example", "Boston", ["Brew Bar Elm", "Brew Bar Oak", "Brew Bar"]),
            ("+14155550133", "acme.example", "Boston", ["Acme 1", "Acme 2"]),
        ]
        for n, name in enumerate(names)
    ]
    report, _ = resolved(firms, rows)
    assert report.figures.customers == len(rows), report.as_text()


@pytest.mark.parametrize("seed", [1, 2])
def test_households_stay_apart(seed: int, resolved: Resolve) -> None:
    """500 couples, 300 pairs of twins, and 300 times parent and child of one name."""
    report, _ = resolved(PEOPLE, made(seed))
    assert report.figures.true_pairs == 2_200
    assert report.figures.pairwise.precision >= 0.998, report.as_text()
    assert report.figures.pairwise.recall >= 0.55, report.as_text()


@pytest.mark.parametrize("seed", [11, 13])
def test_made_customers_of_an_insurance(seed: int, tmp_path: Path) -> None:
    """holder_id, which gives the truth away, is no column of the file."""
    dupehell = pytest.importorskip("dupehell", reason=DUPEHELL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dupehell.generate(
            "insurance", 10_000, seed=seed, difficulty="medium", output_dir=str(tmp_path)
        )
    made_file = next(p for p in tmp_path.glob("*.parquet") if "ground_truth" not in p.name)
    holders = tmp_path / "in.parquet"
    duckdb.sql(
        f"select * exclude (holder_id, entity_type) from '{made_file}'"
        " where entity_type = 'policy_holder'"
    ).write_parquet(str(holders))
    with resolve(PEOPLE, (str(holders),), truth_column="master_id") as (connection, labels):
        report = measure(connection, labels)
    assert report.figures.records > 1_500
    assert report.figures.pairwise.precision >= 0.98, report.as_text()
    assert report.figures.pairwise.recall >= 0.75, report.as_text()


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("muller maschinenbau gmbh", "muller maschinenbau"),
        ("muller maschinenbau g m b h", "muller maschinenbau"),  # G.m.b.H.
        ("rossi s p a", "rossi"),
        ("acme co ltd", "acme"),
        ("上海华东机械有限公司", "上海华东机械"),
        ("上海华东机械 有限 公司", "上海华东机械"),  # 上海华东机械（有限）公司
        ("gmbh", "gmbh"),
    ],
)
def test_legal_forms_are_left_out_in_any_spelling(name: str, bare: str) -> None:
    sql = rendered("organisation_name", f"'{name}'")
    assert duckdb.sql(f"select {sql}").fetchall() == [(bare,)]
