"""The source contract: the tables and columns that the sources YAML of the project declares."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from strata.intake.form import Form, read_form
from strata.project import project_dir


@dataclass(frozen=True)
class ContractColumn:
    """A column of a source table.

    `data_type` is text, integer, decimal, date, timestamp or boolean; `without` says what a build
    does if the column is not there.
    """

    name: str
    data_type: str
    required: bool = False
    pii: bool = False
    description: str = ""
    without: str = ""


@dataclass(frozen=True)
class ContractTable:
    """A source table; `name` is its file name without the extension, as in `erp_orders`.

    `form` says how its file is written, `without` what a build does if it is not there.
    """

    name: str
    system: str
    required: bool
    description: str
    without: str
    columns: tuple[ContractColumn, ...]
    form: Form


def contract() -> list[ContractTable]:
    """Return the source contract as the sources YAML lists it, the needed system first."""
    return list(_contract(project_dir()))


@cache
def _contract(root: Path) -> tuple[ContractTable, ...]:
    tables: list[ContractTable] = []
    for path in sorted((root / "models" / "staging").glob("*/_*__sources.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for source in document.get("sources", []):
            tables += [_table(source["name"], table) for table in source["tables"]]
    needed = {table.system for table in tables if table.required}
    return tuple(sorted(tables, key=lambda table: table.system not in needed))


def _table(system: str, table: dict[str, Any]) -> ContractTable:
    name, meta = f"{system}_{table['name']}", _meta(table)
    return ContractTable(
        name=name,
        system=system,
        required=bool(meta.get("required")),
        description=_description(table),
        without=meta.get("without", "" if meta.get("required") else "what it feeds stays empty"),
        columns=tuple(map(_column, table["columns"])),
        form=read_form(f"config of source {name}", meta),
    )


def _column(column: dict[str, Any]) -> ContractColumn:
    meta = _meta(column)
    return ContractColumn(
        column["name"],
        column["data_type"],
        bool(meta.get("required")),
        bool(meta.get("pii")),
        _description(column),
        meta.get("without", ""),
    )


def _meta(node: dict[str, Any]) -> dict[str, Any]:
    meta: dict[str, Any] = node.get("config", {}).get("meta", {})
    return meta


def _description(node: dict[str, Any]) -> str:
    return " ".join(node.get("description", "").split())
