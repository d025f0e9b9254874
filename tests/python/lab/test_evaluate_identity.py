"""`strata-lab evaluate identity`: what it prints, what it refuses, and records made to mislead."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from strata.errors import StrataError
from strata.intake.contract import contract
from strata.project import project_dir
from strata_lab.cli import group
from strata_lab.identity import IdentityReport, evaluate, resolve

PEOPLE = project_dir() / "examples" / "people"
Row = dict[str, Any]

# Ann has three records, of which two are sure; Ann Bo shares her mail with a namesake; Cy is alone.
SMALL = """\
record_id,first_name,last_name,date_of_birth,email,phone,who
1,Ann,Lee,1990-02-03,ann.lee@home.example,,A
2,ANN,LEE,31-12-1990,Ann.Lee@home.example,,A
3,Ann,Lee,,,,A
4,Cy,Young,1980-01-01,cy.young@home.example,13911112222,C
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "small.csv"
    file.write_text(SMALL, encoding="utf-8")
    return file


@pytest.fixture
def as_is(tmp_path: Path) -> Path:
    """A mapping folder whose inputs are the contract's customers and accounts under their names."""
    folder = tmp_path / "as_is"
    folder.mkdir()
    lines = ["inputs:"]
    for table, key in (("erp_customers", "customer_code"), ("crm_accounts", "account_id")):
        columns = [column.name for t in contract() if t.name == table for column in t.columns]
        lines += [f"  {table}:", "    columns:"]
        lines += [f"      {name}: {{needed: {str(name == key).lower()}}}" for name in columns]
        query = f"select * exclude (input_row) from {table}"
        (folder / f"{table}.sql").write_text(query, encoding="utf-8")
    (folder / "mapping.yml").write_text("\n".join(lines), encoding="utf-8")
    return folder


Resolve = Callable[..., IdentityReport]


@pytest.fixture
def resolve_rows(as_is: Path, tmp_path: Path) -> Resolve:
    """A function that resolves rows with `who`, their true entity, and accounts beside them."""

    def run(rows: Iterable[Row], accounts: Iterable[Row] = ()) -> IdentityReport:
        numbered = [{"customer_code": f"r{number}", **row} for number, row in enumerate(rows)]
        files = (
            f"erp_customers={write_rows(tmp_path / 'customers.csv', numbered)}",
            f"crm_accounts={write_rows(tmp_path / 'accounts.csv', accounts, 'account_id')}",
        )
        return evaluate(as_is, files, truth_column="who")

    return run


def write_rows(path: Path, rows: Iterable[Row], key: str = "customer_code") -> Path:
    found = list(rows)
    columns = list(dict.fromkeys([key, *(name for row in found for name in row)]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(found)
    return path


def command(*arguments: str | Path) -> dict[str, Any]:
    """Run the command with --json and return what it prints."""
    text = ["evaluate", "identity", *map(str, arguments), "--json"]
    done = CliRunner().invoke(group, text, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    result: dict[str, Any] = json.loads(done.stdout)
    return result


# Output


def test_a_truth_column_and_a_truth_file_give_the_same_figures(small: Path, tmp_path: Path) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("true_entity_id,record_id\nA,3\nA,1\nA,2\nC,4\n", encoding="utf-8")
    by_column = command("--mapping", PEOPLE, "--input", small, "--truth-column", "who")
    by_file = command("--mapping", PEOPLE, "--input", small, "--truth", truth)
    assert by_column == by_file
    assert by_column["records"] == 4 and by_column["true_pairs"] == 3
    assert by_column["customers"] == 3 and by_column["largest_cluster"] == 2
    assert by_column["pairwise"] == {"precision": 1, "recall": pytest.approx(1 / 3), "f1": 0.5}
    assert set(by_column["b_cubed"]) == {"precision", "recall", "f1"}
    assert by_column["false_merges_by_rule"] == {} and by_column["false_merges"] == []


def test_false_merges_are_listed_with_the_rule_that_made_them(small: Path) -> None:
    """Read as if the two sure records of Ann were two people."""
    text = SMALL.replace(",,A\n2", ",,X\n2")
    small.write_text(text, encoding="utf-8")
    found = command("--mapping", PEOPLE, "--input", small, "--truth-column", "who")
    assert found["false_merges_by_rule"] == {"same_email": 1}
    assert found["false_merges"] == [
        {"left_record_id": "1", "right_record_id": "2", "rule_key": "same_email"}
    ]
    report = evaluate(PEOPLE, (str(small),), truth_column="who").as_text().splitlines()
    assert report[0] == "4 records, 3 customers, the largest of 2 records"
    assert report[-1].split() == ["1", "2", "same_email"]


def test_the_truth_column_is_hidden_from_the_resolver(small: Path) -> None:
    """By e-mail, records 1 and 2 are one; if the e-mail is the truth, nothing says so."""
    text = SMALL.replace("3,Ann,Lee,,,", "3,Ann,Lee,,x@home.example,")
    small.write_text(text, encoding="utf-8")
    shown = command("--mapping", PEOPLE, "--input", small, "--truth-column", "who")
    hidden = command("--mapping", PEOPLE, "--input", small, "--truth-column", "EMAIL")
    assert (shown["customers"], hidden["customers"]) == (3, 4)


def test_xlsx_and_parquet_are_read_too(small: Path, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    for line in csv.reader(SMALL.splitlines()):
        book.worksheets[0].append(line)
    book.save(tmp_path / "small.xlsx")
    duckdb.read_csv(str(small)).write_parquet(str(tmp_path / "small.parquet"))
    expected = command("--mapping", PEOPLE, "--input", small, "--truth-column", "who")
    for name in ("small.xlsx", "small.parquet"):
        arguments = ("--mapping", PEOPLE, "--input", tmp_path / name, "--truth-column", "who")
        assert command(*arguments) == expected, name


def test_rows_that_the_mapping_leaves_out_need_no_truth(small: Path, tmp_path: Path) -> None:
    lines = SMALL.splitlines()
    lines = [f"{line},{'entity_type' if not n else 'customer'}" for n, line in enumerate(lines)]
    small.write_text("\n".join([*lines, "5,,,,,,,order"]) + "\n", encoding="utf-8")
    truth = tmp_path / "truth.csv"
    truth.write_text("record_id,true_entity_id\n1,A\n2,A\n3,A\n4,C\n5,O\n", encoding="utf-8")
    for option in (("--truth-column", "who"), ("--truth", truth)):
        found = command("--mapping", PEOPLE, "--input", small, *option)
        assert (found["records"], found["left_out_rows"]) == (4, 1)


def test_ids_are_compared_as_the_build_cleans_them(small: Path, tmp_path: Path) -> None:
    truth = tmp_path / "truth.csv"
    truth.write_text("record_id,true_entity_id\n１,A\n 2 ,A\n3,A\n4,C\n", encoding="utf-8")
    assert command("--mapping", PEOPLE, "--input", small, "--truth", truth)["true_pairs"] == 3


# Refused input


@pytest.mark.parametrize(
    ("truth", "message"),
    [
        ("record_id,who\n1,A\n", r"truth\.csv: missing column true_entity_id; a truth file has"),
        ("record_id,true_entity_id\n1,A\n2,A\n", r"2 records have no true entity.*'3'"),
        ("record_id,true_entity_id\n1,A\n2,A\n3,\n4,C\n", r"1 records have no true entity.*'3'"),
        (
            "record_id,true_entity_id\n1,A\n2,A\n3,A\n4,C\n7,C\n8,C\n",
            r"truth\.csv: 2 record ids are not in the input, the first is '7'",
        ),
        (
            "record_id,true_entity_id\n1,A\n2,A\n3,A\n4,C\n4,D\n",
            r"truth\.csv: 1 record ids stand more than once, the first is '4'",
        ),
        ("record_id,true_entity_id\n,A\n", r"truth\.csv: 1 rows have no record id"),
        ("record_id,true_entity_id\n", r"truth\.csv: holds no record"),
    ],
)
def test_a_truth_that_does_not_fit(truth: str, message: str, small: Path, tmp_path: Path) -> None:
    file = tmp_path / "truth.csv"
    file.write_text(truth, encoding="utf-8")
    with pytest.raises(StrataError, match=message) as caught:
        evaluate(PEOPLE, (str(small),), truth=file)
    assert "\n" not in str(caught.value) and caught.value.exit_code == 2


def test_an_input_whose_ids_are_no_ids(small: Path) -> None:
    small.write_text(SMALL.replace("3,Ann", "1,Ann"), encoding="utf-8")
    with pytest.raises(StrataError, match=r"small\.csv: 1 record ids stand more than once"):
        evaluate(PEOPLE, (str(small),), truth_column="who")
    small.write_text(SMALL.replace("3,Ann", ",Ann"), encoding="utf-8")
    with pytest.raises(StrataError, match=r"small\.csv: 1 rows have no record id"):
        evaluate(PEOPLE, (str(small),), truth_column="who")


def test_missing_files_columns_and_options(small: Path, tmp_path: Path) -> None:
    given = (str(small),)
    with pytest.raises(StrataError, match=r"gone\.csv: no such file"):
        evaluate(PEOPLE, (str(tmp_path / "gone.csv"),), truth_column="who")
    with pytest.raises(StrataError, match=r"gone\.csv: no such file"):
        evaluate(PEOPLE, given, truth=tmp_path / "gone.csv")
    with pytest.raises(StrataError, match=r"--truth-column whom: no such column.*who"):
        evaluate(PEOPLE, given, truth_column="whom")
    for options in ({}, {"truth": small, "truth_column": "who"}):
        with pytest.raises(StrataError, match="either --truth FILE or --truth-column NAME"):
            evaluate(PEOPLE, given, **options)  # type: ignore[arg-type]
    with pytest.raises(StrataError, match=r"mapping\.yml: missing"):
        evaluate(tmp_path, given, truth_column="who")
    crm = project_dir() / "examples" / "crm_export"
    with pytest.raises(StrataError, match=r"crm_export: makes no erp_customers"):
        evaluate(crm, given, truth_column="who")


def test_an_error_is_one_line_and_exit_code_2(small: Path) -> None:
    code = "from strata_lab.cli import main; main()"
    arguments = ["evaluate", "identity", "--mapping", str(PEOPLE), "--input", str(small)]
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "strata: error: give either --truth FILE or --truth-column NAME\n"


# Records made to mislead


def test_households_that_share_phone_and_address(resolve_rows: Resolve) -> None:
    """Fifty families of four; everyone is there twice, once by phone and once by address."""
    rows = []
    for family in range(50):
        home = {
            "surname": f"Fam{chr(97 + family % 26)}{chr(97 + family // 26)}o",
            "phone": f"139000000{family:02d}",
            "street": "Long Road",
            "house_number": family + 1,
            "postcode": "200040",
            "city": "Shanghai",
        }
        for name in ("Anna", "Boris", "Clara", "Dmitri"):
            person = {**home, "given_name": name, "who": f"{family} {name}"}
            rows += [{**person, "street": ""}, {**person, "phone": ""}]
            rows += [{**person, "given_name": name.upper()}]
    figures = resolve_rows(rows).figures
    assert figures.pairwise.precision == 1
    assert figures.records == 600 and figures.largest_cluster <= 3
    assert figures.pairwise.recall >= 0.3


def test_values_that_everybody_writes(resolve_rows: Resolve) -> None:
    """Role mailboxes and what people type to get on; every row is somebody else."""
    values = {
        "email": ["info@acme.example", "sales@acme.example", "noreply@acme.example",
                  "test@test.com", "无", "N/A"],
        "phone": ["0000", "00000000", "11111111", "12345678", "无", "N/A"],
        "member_id": ["0000", "11111111", "test", "无", "N/A"],
        "national_id": ["0000", "11111111", "无", "N/A"],
        "tax_id": ["0000", "11111111", "无", "N/A"],
        "customer_name": ["0000", "无", "N/A", "test", "-"],
        "address": ["无", "N/A", "test", "-"],
    }  # fmt: skip
    rows: list[Row] = []
    for column, texts in values.items():
        for text in texts:
            for customer_type in ("consumer", "business"):
                rows += [
                    {
                        "customer_type": customer_type,
                        "customer_name": f"{made_name(len(rows) + n)}",
                        "who": len(rows) + n,
                        "birth_date": "1990-01-01" if column == "customer_name" else "",
                        "city": "Shanghai" if column == "customer_name" else "",
                        column: text,
                    }
                    for n in range(6)
                ]
    report = resolve_rows(rows)
    assert report.figures.customers == report.figures.records == len(rows), report.as_text()


def test_spellings_of_one_name(resolve_rows: Resolve) -> None:
    """Full width, capitals, traditional script, titles; the phone is shared with someone else."""
    spellings = {
        "zhang": ["张伟", "張偉", "张伟先生", "張偉 先生", "张　伟", "张伟女士"],
        "john": ["John Smith", "JOHN SMITH", "Ｊｏｈｎ　Ｓｍｉｔｈ", "Mr John Smith",
                 "Dr. John Smith", "smith john"],
        "jose": ["José Núñez", "Jose Nunez", "JOSÉ NÚÑEZ"],
    }  # fmt: skip
    rows = [
        {"who": who, "customer_name": name, "phone": f"1391234567{number}"}
        for number, (who, names) in enumerate(spellings.items())
        for name in names
    ]
    figures = resolve_rows(rows)
    assert figures.figures.pairwise.f1 == 1, figures.as_text()


def test_a_namesake_of_another_phone_stays_apart(resolve_rows: Resolve) -> None:
    rows = [
        {"who": n, "customer_name": "张伟", "phone": f"1391234567{n}", "city": "上海"}
        for n in range(10)
    ]
    assert resolve_rows(rows).figures.customers == 10


def test_a_record_without_any_identifier_is_a_customer(resolve_rows: Resolve) -> None:
    rows: list[Row] = [{"who": n} for n in range(5)]
    rows += [{"who": 5, "customer_type": "business"}, {"who": 6, "customer_name": "  "}]
    report = resolve_rows(rows)
    assert (report.figures.customers, report.rejected_records) == (7, 0)


def test_a_chain_of_a_hundred_weak_links(resolve_rows: Resolve) -> None:
    """Namesakes: each shares a birth date with the one before and an address with the one after."""
    rows = [
        {
            "who": number // 2,
            "customer_name": "Li Wei",
            "birth_date": f"{1900 + number // 2}-05-04",
            "address": f"{(number + 1) // 2} Long Road",
            "city": "Shanghai",
        }
        for number in range(101)
    ]
    figures = resolve_rows(rows).figures
    assert figures.largest_cluster <= 2 and figures.pairwise.precision == 1


def test_forty_accounts_under_one_parent(resolve_rows: Resolve) -> None:
    """One web domain and one phone for all; each branch has two customer numbers."""
    shared = {"phone": "02166668888", "city": "Shanghai"}
    accounts = [{"account_id": "top", "account_name": "Kangda Holding", **shared}]
    rows = []
    for number in range(40):
        own = {"tax_id": f"91310000MA1FL{number:04d}X"}
        accounts.append(
            {
                "account_id": f"a{number}",
                "parent_account_id": "top",
                "account_name": f"Kangda Clinic {made_name(number)}",
                "website": "https://www.kangda.example",
                **own,
                **shared,
            }
        )
        name = {"customer_type": "business", "customer_name": f"Kangda Clinic {made_name(number)}"}
        rows += [{"who": number, **name, **own, **shared}] * 2
    figures = resolve_rows(rows, accounts).figures
    assert figures.customers == 40 and figures.pairwise.f1 == 1


@pytest.mark.parametrize("shape", ["star", "chain"])
def test_a_hundred_thousand_records_in_one_piece(shape: str, as_is: Path, tmp_path: Path) -> None:
    """A star: one phone and name. A chain: the e-mail of the one before, the phone of the next."""
    size = 100_000
    columns = {
        "star": "'13912345678' as phone, cast(i as varchar) as who",
        "chain": "format('user{}@home.example', i // 2) as email,"
        " format('139{:08d}', (i + 1) // 2) as phone, cast(i // 2 as varchar) as who",
    }[shape]
    customers = tmp_path / "customers.parquet"
    duckdb.sql(
        f"select 'r' || i as customer_code, 'Li Wei' as customer_name, {columns}"
        f" from range({size}) as t (i)"
    ).write_parquet(str(customers))
    accounts = write_rows(tmp_path / "accounts.csv", [], "account_id")
    started = time.monotonic()
    report = evaluate(
        as_is, (f"erp_customers={customers}", f"crm_accounts={accounts}"), truth_column="who"
    )
    assert time.monotonic() - started < 240
    assert report.figures.pairwise.precision >= 0.999, report.as_text()


def made_name(number: int) -> str:
    """Return a name of two words, another one for every number below 10,000."""
    digits = "abdefghklm"
    words = [f"{number:04d}"[start : start + 2] for start in (0, 2)]
    return " ".join("".join(digits[int(d)] + "ox"[n] for n, d in enumerate(w)) for w in words)


def test_the_database_can_be_asked(small: Path) -> None:
    """`resolve` gives the models themselves, for whoever wants to know more."""
    with resolve(PEOPLE, (str(small),), truth_column="who") as (connection, labels):
        rows = connection.execute(
            "select rule_key, count(*) from main.customer_identity_map group by all order by all"
        ).fetchall()
    assert labels.records == 4
    assert rows == [("same_email", 2), (None, 2)]
