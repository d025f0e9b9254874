"""How well records are told apart: the figures that the project promises, on published data.

Nothing is tuned per set: the rules are those of the project, and each file goes through its models.
"""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import duckdb
import pytest

from strata.project import project_dir
from strata_lab.identity import IdentityReport, evaluate, measure, resolve

from .register import register
from .spoilers import ONE_PHONE, with_households, with_one_phone, with_phones, write

EXAMPLES = project_dir() / "examples"
DUPEHELL = "DUPEHELL MISSING: install requirements-dev.txt, which holds it"
SPLINK = "SPLINK MISSING: install requirements-dev.txt, which holds it"


def measured(mapping: str, file: Path, truth_column: str, match: bool = False) -> IdentityReport:
    return evaluate(EXAMPLES / mapping, (str(file),), truth_column=truth_column, match=match)


def text(path: Path) -> str:
    return f"read_parquet('{path}')"


@pytest.mark.parametrize(
    ("name", "without", "precision", "f1"),
    [
        ("febrl1", "", 1.0, 0.986),
        ("febrl2", "", 1.0, 0.989),
        ("febrl1", "soc_sec_id", 1.0, 0.946),
        ("febrl2", "soc_sec_id", 1.0, 0.943),
    ],
)
def test_febrl_by_exact_rules(
    name: str, without: str, precision: float, f1: float, reference_data: Path, tmp_path: Path
) -> None:
    columns = f"* exclude ({without})" if without else "*"
    file = write(
        f"select {columns} from {text(reference_data / f'{name}.parquet')}", tmp_path / "in.parquet"
    )
    report = measured("febrl", file, "true_entity_id")
    assert report.figures.true_pairs == {"febrl1": 500, "febrl2": 1_934}[name]
    assert report.figures.pairwise.precision >= precision, report.as_text()
    assert report.figures.pairwise.f1 >= f1, report.as_text()


@pytest.mark.parametrize(
    ("mapping", "name", "truth_column", "precision", "f1"),
    [
        ("febrl", "febrl2", "true_entity_id", 0.995, 0.995),
        ("people", "splink_fake_1000", "cluster", 0.98, 0.90),
    ],
)
def test_probable_matching(
    mapping: str, name: str, truth_column: str, precision: float, f1: float, reference_data: Path
) -> None:
    pytest.importorskip("splink", reason=SPLINK)
    file = reference_data / f"{name}.parquet"
    report = measured(mapping, file, truth_column, match=True)
    assert report.figures.pairwise.precision >= precision, report.as_text()
    assert report.figures.pairwise.f1 >= f1, report.as_text()


def test_fake_1000_by_exact_rules(reference_data: Path) -> None:
    report = measured("people", reference_data / "splink_fake_1000.parquet", "cluster")
    assert report.figures.pairwise.precision == 1, report.as_text()
    assert report.figures.pairwise.f1 >= 0.585, report.as_text()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_made_customers_with_hard_negatives(seed: int, tmp_path: Path) -> None:
    """customer_id and loyalty_id, which give the truth away, are no columns of the mapping."""
    customers = made_records(
        "ecommerce", "customer", 20_000, seed, "* exclude (customer_id, loyalty_id)", tmp_path
    )
    report = measured("people", customers, "master_id")
    assert report.figures.records > 1_500
    assert report.figures.pairwise.precision >= 0.97, report.as_text()


def test_made_companies(tmp_path: Path) -> None:
    """Legal entities of a bank's checks; the numbers that give the truth away are not read."""
    pytest.importorskip("splink", reason=SPLINK)
    columns = (
        "record_id, master_id, legal_name, tax_id, website, business_email, phone_number,"
        " registered_address_line1, registered_city"
    )
    companies = made_records("kyc", "legal_entity", 6_000, 11, columns, tmp_path)
    report = measured("organisations", companies, "master_id", match=True)
    assert report.figures.records > 3_000
    assert report.figures.pairwise.precision >= 0.98, report.as_text()
    assert report.figures.pairwise.recall >= 0.75, report.as_text()


def made_records(
    domain: str, entity_type: str, size: int, seed: int, columns: str, folder: Path
) -> Path:
    """Return a file with the records of one type that dupehell makes."""
    dupehell = pytest.importorskip("dupehell", reason=DUPEHELL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = dupehell.generate(
            domain, size, seed=seed, difficulty="medium", output_dir=str(folder)
        )
    assert made is not None
    file = next(path for path in folder.glob("*.parquet") if "ground_truth" not in path.name)
    return write(
        f"select {columns} from {text(file)} where entity_type = '{entity_type}'",
        folder / "in.parquet",
    )


def test_scored_pairs_of_organisations(tmp_path: Path) -> None:
    """Duplicates beside branches, sister companies and namesakes, which are others."""
    pytest.importorskip("splink", reason=SPLINK)
    rows = register(seed=1)
    file = tmp_path / "register.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, sorted({name for row in rows for name in row}))
        writer.writeheader()
        writer.writerows(rows)
    resolution = resolve(EXAMPLES / "organisations", (str(file),), truth_column="owner", match=True)
    with resolution as (connection, labels):
        report = measure(connection, labels)
        joined, right = connection.execute(
            """
            select count(*), count(*) filter (one.true_entity_id = other.true_entity_id)
            from intermediate.int_identity__probable_pairs as pairs
            inner join resolved_labels as one on pairs.left_record_key = one.record_key
            inner join resolved_labels as other on pairs.right_record_key = other.record_key
            where pairs.is_match
            """
        ).fetchall()[0]
    assert joined > 400
    assert right >= 0.98 * joined
    assert report.figures.pairwise.precision >= 0.96, report.as_text()


@pytest.fixture(scope="module")
def phones(reference_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """FEBRL2 where every record has a phone, a tenth of them a wrong one."""
    folder = tmp_path_factory.mktemp("phones")
    return write(with_phones(text(reference_data / "febrl2.parquet")), folder / "phones.parquet")


@pytest.fixture(scope="module")
def unspoilt_f1(reference_data: Path, phones: Path) -> float:
    """The better of FEBRL2 as it is and with phones."""
    files = (reference_data / "febrl2.parquet", phones)
    reports = [measured("febrl", file, "true_entity_id") for file in files]
    assert reports[1].figures.pairwise.precision >= 0.995, reports[1].as_text()
    return max(report.figures.pairwise.f1 for report in reports)


@pytest.mark.parametrize("share", [0.01, 0.02, 0.05, 0.10])
def test_one_phone_on_many_records(
    share: float, phones: Path, unspoilt_f1: float, tmp_path: Path
) -> None:
    check_shared_phones(with_one_phone(text(phones), share), 1, unspoilt_f1, tmp_path)


def test_households_of_one_surname_and_phone(
    phones: Path, unspoilt_f1: float, tmp_path: Path
) -> None:
    query = with_households(f"({with_one_phone(text(phones), 0.1)})")
    check_shared_phones(query, 501, unspoilt_f1, tmp_path)


def check_shared_phones(query: str, phones: int, unspoilt_f1: float, folder: Path) -> None:
    """Resolve the rows; hold the figures against the unspoilt ones, list every shared phone."""
    file = write(query, folder / "spoilt.parquet")
    resolution = resolve(EXAMPLES / "febrl", (str(file),), truth_column="true_entity_id")
    with resolution as (connection, labels):
        report = measure(connection, labels)
        listed = connection.execute(
            "select identifier_value from restricted.blocked_identifier_values"
            " where identifier_type = 'phone' and blocked_reason is not null"
        ).fetchall()
    assert report.figures.pairwise.precision >= 0.995, report.as_text()
    assert report.figures.pairwise.f1 >= unspoilt_f1 - 0.01, report.as_text()
    shared = duckdb.sql(
        f"select distinct phone from {text(file)} where phone = '{ONE_PHONE}'"
        " or phone like '+61414%'"
    ).fetchall()
    assert len(shared) == phones
    assert not set(shared) - set(listed), "shared phones that are not listed"
