"""A company's rows over the shipped ones: what they change, and what a wrong one is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from strata.company.checks import company_problems
from strata.errors import StrataError
from strata.policy.judgements import Judgements
from strata.policy.lint import lint
from strata.policy.show import show_text, shown
from strata.policy.sop import standard
from strata.project import Project, project_dir
from strata.seeds import FOLDERS, Row, read_seeds

from .conftest import append

CONDITIONS = "policy/rule_conditions.csv"
SHIPPED = f"seeds/{CONDITIONS}"
TIER_A = "default,tier_a,1,higher_value_share_rate,<"
NAME = "default/tier_a/1/higher_value_share_rate/<"
WRONG = {
    f"off,{TIER_A}": "2: 6 cells under a header of 7: correct the row",
    f"change,{TIER_A},0.7": f"2: {NAME}: change is 'change': write add, override or off",
    f"add,{TIER_A},0.7": f"2: {NAME}: {SHIPPED} has that row already: write override",
    "off,default,tier_aa,1,higher_value_share_rate,<,": (
        f"2: default/tier_aa/1/higher_value_share_rate/<: {SHIPPED} has no such row (any more): "
        f"delete the line, write add, or correct its key, perhaps to {NAME}"
    ),
    f"override,{TIER_A},0.7\noff,{TIER_A},": (
        f"3: {NAME}: line 2 has the same policy_key, rule_key, condition_group, metric, operator: "
        "keep one of the two"
    ),
}


def conditions(company: Path) -> dict[str, Row]:
    seeds = read_seeds(project_dir(), company, ("policy",))
    return {"/".join(list(row.cells.values())[:5]): row for row in seeds["rule_conditions"].rows}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_row_is_named_with_the_fix(company: Path, text: str) -> None:
    append(company / CONDITIONS, text)
    with pytest.raises(StrataError) as refused:
        conditions(company)
    assert str(refused.value) == f"{CONDITIONS}:{WRONG[text]}"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("policy_key,rule_key", "1: column change is missing: add it to the header"),
        ("change,rule_key", "1: column policy_key is missing: add it to the header"),
        ("change;policy_key", "1: ';' stands between the cells: save it with commas"),
        (
            "change,policy_key,rule_key,condition_group,metric,operator,value,value",
            "1: column value stands twice: take it out of the header and the rows",
        ),
        (
            "change,policy_key,rule_key,condition_group,metric,operator,limit",
            f"1: there is no column limit in {SHIPPED}: take it out; there are policy_key, ",
        ),
    ],
)
def test_a_wrong_header_is_named_with_the_fix(company: Path, header: str, words: str) -> None:
    (company / CONDITIONS).write_text(f"{header}\n{'off,' * header.count(',')}x\n")
    with pytest.raises(StrataError) as refused:
        conditions(company)
    assert str(refused.value).startswith(f"{CONDITIONS}:{words}")


def test_a_file_without_a_seed_is_named(company: Path) -> None:
    (company / "policy" / "thresholds.csv").write_text("change\n")
    with pytest.raises(StrataError, match=r"^policy/thresholds\.csv: there is no seed of that nam"):
        conditions(company)


@pytest.mark.parametrize("name", ["rules.CSV", "more/rules.csv", "rules.xlsx", "rules.csv.txt"])
def test_a_file_that_would_not_be_read_is_named(company: Path, name: str) -> None:
    (company / "policy" / name).parent.mkdir(exist_ok=True)
    (company / "policy" / name).touch()
    with pytest.raises(StrataError, match=rf"^policy/{name}: there is no seed of that name: rena"):
        conditions(company)


def test_a_link_that_leads_nowhere_is_named_and_an_empty_row_is_none(company: Path) -> None:
    append(company / CONDITIONS, ",,,,,,")
    assert len(conditions(company)) > 300
    (company / CONDITIONS).unlink()
    (company / CONDITIONS).symlink_to("nowhere.csv")
    with pytest.raises(StrataError, match=r"^policy/rule_conditions\.csv leads nowhere: mend"):
        conditions(company)


def test_a_folder_in_place_of_a_file_is_named(company: Path) -> None:
    (company / CONDITIONS).unlink()
    (company / CONDITIONS).mkdir()
    with pytest.raises(StrataError, match=r"^cannot read policy/rule_conditions\.csv: Is a dir"):
        conditions(company)


def test_an_open_quote_is_named_by_line(company: Path) -> None:
    append(company / CONDITIONS, 'override,default,tier_a,1,"higher')
    with pytest.raises(StrataError, match=r"^policy/rule_conditions\.csv:2: no row of a CSV file"):
        conditions(company)


def test_a_cell_that_dbt_could_not_load_is_named(company: Path) -> None:
    rates = "reference/exchange_rates.csv"
    append(company / rates, 'add,EUR,CNY,2024-02-01,"7,8"')
    assert company_problems(str(company), str(project_dir())) == [
        f"{rates}:2: exchange_rate: '7,8' is no decimal(18, 8): correct the cell"
    ]


def test_a_label_without_a_key_is_a_finding(company: Path) -> None:
    append(company / "policy" / "labels.csv", "add,(empty),tag,x,x,x,x")
    assert any(one.startswith("policy/labels.csv:2: ") for one in findings())


def test_an_empty_folder_changes_nothing(company: Path) -> None:
    assert read_seeds(project_dir(), company, FOLDERS) == read_seeds(project_dir(), None, FOLDERS)


def test_rows_are_overridden_where_they_stand_added_at_the_end_and_switched_off(
    company: Path,
) -> None:
    before = conditions(company)
    append(
        company / CONDITIONS,
        f"override,{TIER_A},0.7",
        "add,default,tier_a,1,order_count,>,1",
        "off,default,tier_b,1,higher_value_share_rate,<,",
    )
    after = conditions(company)
    assert after[NAME] == Row(CONDITIONS, 2, before[NAME].cells | {"value": "0.7"})
    assert [*after].index(NAME) == [*before].index(NAME)
    assert [*after][-1] == "default/tier_a/1/order_count/>"
    assert before.keys() - after.keys() == {"default/tier_b/1/higher_value_share_rate/<"}


def test_an_empty_cell_keeps_and_a_column_may_be_left_out(company: Path) -> None:
    (company / "playbooks" / "playbooks.csv").write_text(
        "change,playbook_key,service_level_hours,name_zh,objective\noverride,rescue,12,,(empty)\n",
        encoding="utf-8-sig",  # as Excel writes it
    )
    seeds = {
        name: read_seeds(project_dir(), folder, ("playbooks",))["playbooks"].rows[0].cells
        for name, folder in (("shipped", None), ("own", company))
    }
    change = {"service_level_hours": "12", "objective": ""}
    assert seeds["own"] == seeds["shipped"] | change


def test_the_key_of_every_seed_tells_its_rows_apart() -> None:
    for name, seed in read_seeds(project_dir(), None, FOLDERS).items():
        keys = [tuple(row[column] for column in seed.key) for row in seed.rows]
        assert seed.key and len(keys) == len(set(keys)), name


def findings() -> list[str]:
    return [str(one) for one in lint(Judgements.of_project(Project.find()), ["default"])]


def test_lint_names_the_company_file(company: Path) -> None:
    append(company / CONDITIONS, f"override,{TIER_A},0.7", "add,default,tier_a,1,ordr_count,>,1")
    place = f"{CONDITIONS}:3: default/tier_a: metric ordr_count is not in metrics.csv: "
    assert findings()[0].startswith(place)


def test_lint_says_where_a_shipped_row_is_changed(company: Path) -> None:
    append(company / CONDITIONS, f"override,{TIER_A},0.97")
    (threshold,) = [one for one in findings() if "/tier_b: " in one]
    assert threshold.startswith(f"{SHIPPED}:")
    assert f"tier A on line {CONDITIONS}:2: " in threshold
    assert threshold.endswith(f"(a row that Strata ships: write that into {CONDITIONS})")


def test_show_and_the_standard_name_the_row(company: Path) -> None:
    before = Judgements.of_project(Project.find())
    append(company / CONDITIONS, f"override,{TIER_A},0.7")
    after = Judgements.of_project(Project.find())
    assert f"({CONDITIONS}:2)" in show_text(shown(after, "default", "en"))
    assert f"（{CONDITIONS}:2）" in show_text(shown(after, "default", "zh"))
    for language in ("en", "zh"):
        assert CONDITIONS not in standard(before, "default", language)
        assert f"- `{CONDITIONS}:2`" in standard(after, "default", language)
        assert "tier_a" not in standard(after, "small_business", language)
