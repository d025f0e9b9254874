"""`strata init`, and finding the folder again."""

from __future__ import annotations

import os
import subprocess
import sys
from contextvars import copy_context
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from strata.cli import group
from strata.company.checks import company_problems
from strata.dbt_plugin import problems
from strata.project import PACKAGE, Project, company_dir, named, project_dir

from .conftest import append


def strata(*arguments: str | Path) -> Result:
    """Run a command as a process of its own would: what --company says ends with it."""
    return copy_context().run(CliRunner().invoke, group, [str(one) for one in arguments])


def content(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_run_again_it_changes_nothing_and_says_so(company: Path) -> None:
    append(company / "README.md", "Ours.")
    before = content(company)
    again = strata("init", company)
    assert again.exit_code == 0
    assert again.output == f"{company} has everything; nothing was written.\n"
    assert content(company) == before


def test_what_is_lost_is_written_again_and_what_is_there_stays(company: Path) -> None:
    (company / "README.md").unlink()
    append(company / "strata.yml", "# ours")
    done = strata("init", company)
    assert done.output.startswith(f"1 file written to {company}:\n  README.md\n")
    assert (company / "strata.yml").read_text(encoding="utf-8").endswith("# ours\n")


def test_files_of_others_stay(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("another")
    assert strata("init", tmp_path).exit_code == 0
    assert (tmp_path / "README.md").read_text() == "another"


def test_every_file_it_needs_is_in_git(company: Path) -> None:
    git = ["git", "-C", str(company)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    listed = subprocess.run([*git, "ls-files"], check=True, capture_output=True, text=True).stdout
    assert {"strata.yml", "dbt_project.yml", "policy/rules.csv", "mappings/.gitkeep"} <= {
        *listed.split()
    }
    assert "dbt_packages" not in listed


@pytest.mark.parametrize("place", [".", "docs/ours"])
def test_a_folder_inside_the_project_is_refused(place: str) -> None:
    refused = strata("init", project_dir() / place)
    assert refused.exception and refused.exit_code
    assert "lies inside the Strata project" in str(refused.exception)
    assert not (project_dir() / "docs/ours").exists()


def test_another_dbt_project_and_a_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: shop\n")
    assert "is a dbt project already" in str(strata("init", tmp_path).exception)
    refused = strata("init", tmp_path / "dbt_project.yml")
    assert "is a file" in refused.output + str(refused.exception)


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    user = os.geteuid()
    if user == 0:  # root may write anywhere
        os.seteuid(65534)
    try:
        refused = strata("init", tmp_path / "ours")
    finally:
        os.seteuid(user)
    assert "cannot write" in str(refused.exception)
    assert "\n" not in str(refused.exception)


def test_it_is_found_from_below_and_by_name(
    company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named.set(None)
    monkeypatch.chdir(tmp_path)
    assert company_dir() is None
    append(company / "policy" / "policies.csv", "nonsense")
    words = ["policy", "list"]
    for place in range(3):
        refused = strata(*words[:place], "--company", company, *words[place:])
        assert "policy/policies.csv:2: 1 cells under" in str(refused.exception)
    monkeypatch.chdir(company / "models")
    assert company_dir() == company
    monkeypatch.chdir(project_dir())
    assert company_dir() is None


def test_a_folder_without_settings_is_named(tmp_path: Path) -> None:
    refused = strata("check", "--company", tmp_path)
    assert (
        f"there is no strata.yml: make one with `strata init {tmp_path}`"
        in refused.output + str(refused.exception)
    )


def test_own_names_may_not_be_those_of_strata(company: Path) -> None:
    (company / "models" / "ours").mkdir()
    (company / "models" / "ours" / "Orders.sql").write_text("select 1")
    assert company_problems(str(company), str(project_dir())) == [
        "models/ours/Orders.sql: Strata has models/activity/marts/orders.sql: rename the file"
    ]


def test_settings_that_dbt_was_not_told_are_named(company: Path) -> None:
    text = (company / "strata.yml").read_text(encoding="utf-8")
    changed = text.replace("base_currency: CNY", "base_currency: EUR")
    (company / "strata.yml").write_text(changed, encoding="utf-8")
    assert company_problems(str(company), str(project_dir())) == [
        "strata.yml: base_currency is EUR, and dbt_project.yml says CNY: run `strata init` for the "
        "folder, which copies the settings"
    ]
    Project.find().ready()
    assert company_problems(str(company), str(project_dir())) == []


@pytest.mark.parametrize("setting", ["warehouse_dir", "lists_dir"])
def test_folders_inside_the_project_are_refused(company: Path, setting: str) -> None:
    (company / "strata.yml").write_text(f"{setting}: {PACKAGE}/made\n")
    refused = strata("export", "--company", company)
    assert "made lies inside the Strata project" in str(refused.exception)


def test_a_folder_in_place_of_the_link_is_named(company: Path) -> None:
    (company / PACKAGE).unlink()
    (company / PACKAGE).mkdir()
    with pytest.raises(Exception, match=r"dbt_packages/strata is no link: name its origin in pack"):
        Project.find().ready()


FORMS = {
    "{erp_orders: }": "source_files: erp_orders: write one or more of encoding, decimal, thousands",
    "{erp_order: {decimal: ','}}": "source_files: there is no table erp_order: write one of erp_or",
    "{erp_orders: {decimals: ','}}": "source_files: erp_orders: write one or more of encoding, dec",
    "{erp_orders: {decimal: ';'}}": 'source_files: erp_orders: decimal is ;; write "." or ","',
    "{erp_orders: {encoding: utf-99}}": "source_files: erp_orders: unknown encoding utf-99; write",
    "{erp_orders: {date_order: {ordered: day_first}}}": (
        "source_files: erp_orders: date_order is {'ordered': 'day_first'}: write a column of the "
        "table and day_first or month_first, such as {order_id: day_first}"
    ),
    "{erp_orders: {date_order: day_first}}": "source_files: erp_orders: date_order is day_first: ",
    "{erp_orders: {date_order: {ordered_at: dmy}}}": "source_files: erp_orders: date_order is {'or",
}


@pytest.mark.parametrize("forms", FORMS)
def test_a_wrong_form_of_a_file_is_named(company: Path, forms: str) -> None:
    append(company / "strata.yml", f"source_files: {forms}")
    text = (company / "strata.yml").read_text(encoding="utf-8")
    (company / "strata.yml").write_text(text.replace("source_files: {}\n", ""), encoding="utf-8")
    Project.find().ready()
    (problem,) = problems(str(company), str(project_dir()))
    assert problem.startswith(FORMS[forms])
    refused = strata("check", "--company", company)
    assert str(refused.exception).startswith(FORMS[forms])


def test_the_link_follows_the_installed_project(company: Path, tmp_path: Path) -> None:
    link = company / PACKAGE
    assert link.resolve() == project_dir()
    link.unlink()
    link.symlink_to(tmp_path)
    assert Project.find().ready() == company
    assert link.resolve() == project_dir()


def test_packages_yml_chooses_the_project(company: Path, tmp_path: Path) -> None:
    (company / "packages.yml").write_text("packages: [{local: ../strata}]\n")
    link = company / PACKAGE
    link.unlink()
    with pytest.raises(Exception, match=r"packages\.yml: run `dbt deps` in the folder"):
        project_dir()
    other = tmp_path / "strata"
    (other / "seeds/policy").mkdir(parents=True)
    (other / "seeds/policy/policies.csv").touch()
    (other / "dbt_project.yml").write_text('version: "0.0.1"\nvars: {}\n')
    link.symlink_to(other)
    assert project_dir() == other
    with pytest.raises(Exception, match=r"is Strata 0\.0\.1 and this command is "):
        Project.find()


def test_the_command_exits_with_two(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "strata", "build", "--company", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"strata: error: --company {tmp_path}: there is no strata.yml")
    assert done.stderr.count("\n") == 1
