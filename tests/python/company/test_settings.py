"""`strata.yml`: what it may say, and what a wrong line is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from strata.company.checks import company_problems
from strata.errors import StrataError
from strata.project import Project, project_dir
from strata.settings import FILE
from strata.yaml_file import read_yaml

WRONG = {
    "currency: EUR": "2: there is no setting currency: write base_currency",
    "colour: red": "2: there is no setting colour: take it out; there are raw_data_dir, ",
    "as_of_date: 2026-06-30": "2: as_of_date belongs to a run: take it out, and say `strata build ",
    "base_currency: [CNY]": "2: base_currency is ['CNY']: write an ISO 4217 code, such as CNY",
    "base_currency: rmb": "2: base_currency is rmb: write an ISO 4217 code, such as CNY",
    "base_currency:": "2: base_currency is empty: write an ISO 4217 code, such as CNY",
    "history_quarters: '9'": "2: history_quarters is 9: write a whole number from 0 to 400, ",
    "history_quarters: yes": "2: history_quarters is yes: write a whole number from 0 to 400, ",
    "business_time_zone: Shanghai": "2: business_time_zone is Shanghai: write an IANA time zone, ",
    "default_phone_country: china": "2: default_phone_country is china: write an ISO 3166 code, ",
    "warehouse_dir: 7": "2: warehouse_dir is 7: write a folder",
    "lists_dir:": "2: lists_dir is empty: write a folder",
    'raw_data_dir: "a\\0b"': "2: raw_data_dir is a\0b: write a folder",
    "raw_data_dir: ''": "2: raw_data_dir is empty: write a folder",
    "base_currency: 2024-13-45": "2: base_currency cannot be read: write a plain word or number",
    "base_currency: !foo EUR": "2: base_currency cannot be read: write a plain word or number",
    "history_quarters: !!int abc": "2: history_quarters cannot be read: write a plain word or num",
    "source_files: {[a]: b}": "2: source_files cannot be read: write a plain word or number",
    "[a, b]: c": "2: write a setting, such as base_currency: CNY",
    "source_files: erp_orders": "2: source_files is erp_orders: write tables, such as {erp_",
    "history_quarters: 4\nhistory_quarters: 5": "3: history_quarters stands in line 2 too: keep ",
    "- EUR": "1: write settings, such as base_currency: CNY",
    "base_currency: 'EUR": "3: no YAML: found unexpected end of stream",
}


def write(company: Path, text: str) -> None:
    (company / FILE).write_text(f"# ours\n{text}\n" if text[0] != "-" else text, encoding="utf-8")


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_line_is_named_with_the_fix(company: Path, text: str) -> None:
    write(company, text)
    with pytest.raises(StrataError) as refused:
        Project.find()
    assert str(refused.value).startswith(f"{company / FILE}:{WRONG[text]}")
    assert "\n" not in str(refused.value)
    assert refused.value.exit_code == 2


def test_every_wrong_line_is_named(company: Path) -> None:
    write(company, "colour: red\nbase_currency: x\nhistory_quarters: -1")
    with pytest.raises(StrataError) as refused:
        Project.find()
    assert [line.split(":")[1] for line in str(refused.value).splitlines()] == ["2", "3", "4"]


def test_a_word_is_a_word(company: Path) -> None:
    """NO is Norway, and no boolean; a line that is left out has the shipped value."""
    write(company, "default_phone_country: NO\nwarehouse_dir: /srv/warehouse")
    project = Project.find()
    assert project.variables["default_phone_country"] == "NO"
    assert project.variables["base_currency"] == "CNY"
    assert project.place("warehouse_dir", "") == Path("/srv/warehouse")
    assert project.place("lists_dir", "") == company / "exports"
    assert project.raw == company / "data" / "raw"


def test_dbt_is_told_the_same(company: Path) -> None:
    write(company, "default_phone_country: NO\nsource_files: {erp_orders: {decimal: ','}}")
    project = Project.find()
    project.ready()
    assert read_yaml(company / "dbt_project.yml")["vars"] == {
        "base_currency": "CNY",
        "default_phone_country": "NO",
        "source_files": {"erp_orders": {"decimal": ","}},
    }
    assert project.company and project.company.tell_dbt() is False


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"# \xe9\n", "dbt_project.yml is not UTF-8: save it as UTF-8"),
        (b"\t[\n", "dbt_project.yml:"),
        (b"vars: [a]\n", "dbt_project.yml: vars are missing"),
        (b"", "dbt_project.yml: vars are missing"),
    ],
)
def test_a_damaged_dbt_project_is_named(company: Path, content: bytes, words: str) -> None:
    (company / "dbt_project.yml").write_bytes(content)
    (problem,) = company_problems(str(company), str(project_dir()))
    assert words in problem


def test_without_its_place_in_dbt_project_the_fix_is_named(company: Path) -> None:
    (company / "dbt_project.yml").write_text("name: company\n", encoding="utf-8")
    with pytest.raises(StrataError, match=r"dbt_project\.yml has lost the lines '# from strata"):
        Project.find().ready()
