"""`strata data init`: templates in the form of the contract, never over an existing file."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from strata.intake.check import inspect
from strata.intake.contract import contract
from strata.intake.templates import write_templates

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def test_templates_hold_the_contract(tmp_path: Path, strata: Run) -> None:
    result = strata("data", "init", tmp_path / "new" / "raw")
    assert (result.returncode, result.stderr) == (0, "")
    readme = (tmp_path / "new" / "raw" / "README.md").read_text(encoding="utf-8")
    for table in contract():
        text = (tmp_path / "new" / "raw" / f"{table.name}.csv").read_text(encoding="utf-8")
        assert text == ",".join(column.name for column in table.columns) + "\n"
        assert f"## {table.name}" in readme
        for column in table.columns:
            assert f"| {column.name} | {column.data_type} |" in readme


def test_filled_templates_pass_the_check(tmp_path: Path) -> None:
    write_templates(tmp_path)
    problems = inspect(tmp_path).problems
    assert len(problems) == 1
    assert "erp_orders.csv: has a header but no rows" in problems[0]
    orders = tmp_path / "erp_orders.csv"
    header = orders.read_text(encoding="utf-8")
    orders.write_text(header + "1" + "," * (header.count(",")) + "\n", encoding="utf-8")
    report = inspect(tmp_path)
    assert report.problems == []
    assert report.unknown_files == {}
    assert all(not table.missing_columns for table in report.tables)


def test_existing_files_are_named_and_kept(tmp_path: Path, strata: Run) -> None:
    (tmp_path / "erp_orders.parquet").write_text("mine")
    (tmp_path / "README.md").write_text("mine")
    result = strata("data", "init", tmp_path)
    assert result.returncode == 2
    assert "README.md, erp_orders.parquet" in result.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md", "erp_orders.parquet"]
    assert (tmp_path / "README.md").read_text() == "mine"


def test_a_file_is_no_folder(tmp_path: Path, strata: Run) -> None:
    (tmp_path / "raw").touch()
    result = strata("data", "init", tmp_path / "raw")
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
