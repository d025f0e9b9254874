"""Export layouts of real systems: what comes in, what is refused, and in which words.

Each file of `layouts/` is one export, small and made up: its content as the system writes it, how
it is read (a shipped mapping, a mapping of its own, or as contract tables) and what the build then
keeps and rejects. `refused` instead is what the command says when it stops.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from openpyxl import Workbook

from strata.errors import StrataError
from strata.intake.check import inspect
from strata.intake.files import connect
from strata.intake.importing import import_files
from strata.project import project_dir
from strata_lab.compiled import compile_models

LAYOUTS = sorted((Path(__file__).parent / "layouts").glob("*.yml"))
# Columns compared in each table that a layout names, as the build keeps them.
KEPT = {
    "orders": (
        "int_orders__valued",
        "order_id, customer_code, ordered_at, order_status,"
        " cast(order_amount / exchange_rate as decimal(18, 2)), currency_code",
    ),
    "lines": (
        "stg_erp__order_lines",
        "order_line_id, product_code, cast(quantity as decimal(18, 0)),"
        " cast(unit_price as decimal(18, 2)), cast(discount_amount as decimal(18, 2))",
    ),
    "refunds": (
        "stg_erp__refunds",
        "customer_code, order_id, refunded_at, cast(refund_amount as decimal(18, 2))",
    ),
    "customers": ("stg_erp__customers", "customer_code, customer_name, email, phone, city"),
    "accounts": (
        "stg_crm__accounts",
        "account_id, account_name, employee_count, city, owner_id, created_at",
    ),
    "contacts": (
        "stg_crm__contacts",
        "contact_id, account_id, full_name, email, phone, created_at",
    ),
    "deals": (
        "stg_crm__opportunities",
        "opportunity_id, account_id, cast(opportunity_amount as decimal(18, 2)),"
        " expected_close_date, closed_date, is_won",
    ),
}


def write(content: dict[str, Any], path: Path) -> Path:
    """Write one export: `csv` text, `sheet` rows or the result of a `parquet` query."""
    if "csv" in content:
        path = path.with_suffix(".csv")
        path.write_text(content["csv"], encoding=content.get("encoding", "utf-8"))
    elif "sheet" in content:
        path = path.with_suffix(".xlsx")
        book = Workbook()
        sheet = book.worksheets[0]
        for row in content["sheet"]:
            sheet.append(row or [None])
        for area in content.get("merged", []):
            sheet.merge_cells(area)
        book.save(path)
    else:
        path = path.with_suffix(".parquet")
        with connect() as connection:
            connection.sql(content["parquet"]).write_parquet(str(path))
    return path


def mapping_of(layout: dict[str, Any], folder: Path) -> Path:
    """Write the layout's own mapping, or a copy of a shipped one with the layout's options."""
    mapping = layout["mapping"]
    if isinstance(mapping, str):
        shutil.copytree(project_dir() / "examples" / mapping, folder)
        document = yaml.safe_load((folder / "mapping.yml").read_text(encoding="utf-8"))
        for body in document["inputs"].values():
            body.update(layout.get("options", {}))
        (folder / "mapping.yml").write_text(yaml.safe_dump(document), encoding="utf-8")
        return folder
    folder.mkdir()
    for name, text in mapping.items():
        file = "mapping.yml" if name == "input" else f"{name}.sql"
        body = yaml.safe_dump({"inputs": {"input": text}}) if name == "input" else text
        (folder / file).write_text(body, encoding="utf-8")
    return folder


def raw_tables(layout: dict[str, Any], tmp_path: Path) -> list[Path]:
    """Return the files of contract tables that a layout gives, or say why it is refused."""
    files = {name: write(body, tmp_path / name) for name, body in layout["files"].items()}
    raw = tmp_path / "raw"
    if "mapping" in layout:
        inputs = tuple(f"{name}={file}" for name, file in files.items())
        import_files(mapping_of(layout, tmp_path / "mapping"), inputs, raw)
        return sorted(raw.glob("*.parquet"))
    raw.mkdir()
    for file in files.values():
        file.rename(raw / file.name)
    problems = inspect(raw).problems
    if problems:
        raise StrataError("; ".join(problems))
    return sorted(raw.iterdir())


def lines(connection: duckdb.DuckDBPyConnection, columns: str, rest: str) -> list[str]:
    """Return the rows of a query as lines of text, sorted."""
    rows = connection.execute(f"select {columns} from {rest}").fetchall()
    return sorted(" | ".join("" if v is None else str(v) for v in row).rstrip(" |") for row in rows)


@pytest.mark.parametrize("file", LAYOUTS, ids=[file.stem for file in LAYOUTS])
def test_layout(file: Path, tmp_path: Path) -> None:
    layout = yaml.safe_load(file.read_text(encoding="utf-8"))
    if "refused" in layout:
        with pytest.raises(StrataError, match=layout["refused"]) as error:
            raw_tables(layout, tmp_path)
        assert "\n" not in str(error.value)
        return
    tables = raw_tables(layout, tmp_path)
    wanted = {name: KEPT[name] for name in layout if name in KEPT}
    judges = {table.stem: f"base_{table.stem.replace('_', '__', 1)}" for table in tables}
    models = compile_models(
        *sorted({model for model, _ in wanted.values()} | set(judges.values())), as_of="2026-06-30"
    )
    with models.run(tables) as connection:
        schemas = connection.execute("select string_agg(distinct schema_name) from duckdb_views()")
        connection.execute(f"set search_path = '{(schemas.fetchone() or ('',))[0]}'")
        kept = {
            name: lines(connection, columns, model) for name, (model, columns) in wanted.items()
        }
        rejected = [
            line
            for table, model in judges.items()
            for line in lines(
                connection,
                f"'{table}', rejection_reason, count(*)",
                f"{model} where row_status = 'rejected' group by rejection_reason",
            )
        ]
    for name, rows in kept.items():
        assert rows == layout[name].splitlines(), name
    assert rejected == layout.get("rejected", "").splitlines()


def test_four_layouts_of_each_kind() -> None:
    kinds = [re.sub(r"_.*", "", file.stem) for file in LAYOUTS]
    for kind in ("shop", "crm", "books", "sheet", "database"):
        assert kinds.count(kind) >= 4, kind
