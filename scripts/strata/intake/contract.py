"""The source contract: the tables and columns that the sources YAML of the project declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from strata.errors import StrataError
from strata.intake.form import OPTIONS, Form, read_form
from strata.intake.kinds import SUFFIXES
from strata.project import Project

# The option of source_files beside those of the form, and its values.
DATE_ORDER = "date_order"
ORDERS = ("day_first", "month_first")


@dataclass(frozen=True)
class ContractColumn:
    """A column of a source table.

    `data_type` is text, integer, decimal, date, timestamp or boolean; `without` says what a build
    does if the column is not there.
    """

    name: str
    data_type: str
    pii: bool = False
    required: bool = False
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
    form: Form = field(default=Form())


def contract() -> list[ContractTable]:
    """Return the source contract as the sources YAML lists it, the needed system first.

    Raises StrataError if the var source_files names what there is not.
    """
    project = Project.find()
    return declared(project.folder, project.variables)


def declared(root: Path, variables: Mapping[str, Any]) -> list[ContractTable]:
    """Return the contract of the project in `root`, with the forms that the vars declare.

    Raises StrataError as `contract` does.
    """
    files = dict(variables.get("source_files") or {})
    tables = [_declared(table, files.pop(table.name, {})) for table in _contract(root)]
    for name in files:
        known = ", ".join(table.name for table in tables)
        raise StrataError(f"source_files: there is no table {name}: write one of {known}")
    return tables


def contract_files(folder: Path, *more: str) -> list[str]:
    """Return the names of files in a folder that are of the contract or, in lower case, `more`."""
    names = {table.name + suffix for table in contract() for suffix in SUFFIXES} | {*more}
    paths = folder.iterdir() if folder.is_dir() else ()
    return sorted(path.name for path in paths if path.name.lower() in names)


@cache
def _contract(root: Path) -> tuple[ContractTable, ...]:
    tables: list[ContractTable] = []
    for path in sorted((root / "models" / "staging").glob("*/_*__sources.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for source in document.get("sources", []):
            tables += [_table(source["name"], table) for table in source["tables"]]
    needed = {table.system for table in tables if table.required}
    return tuple(sorted(tables, key=lambda table: table.system not in needed))


def _declared(table: ContractTable, options: Any) -> ContractTable:
    """Return a table with the form that an entry of source_files declares."""
    if options == {}:
        return table
    place = f"source_files: {table.name}"
    known = (*OPTIONS, DATE_ORDER)
    if not isinstance(options, dict) or set(options) - {*known}:
        raise StrataError(f"{place}: write one or more of {', '.join(known)}")
    columns = [column.name for column in table.columns]
    orders = options.get(DATE_ORDER, {})
    for name, order in orders.items() if isinstance(orders, dict) else [(orders, "")]:
        if name not in columns or order not in ORDERS:
            raise StrataError(
                f"{place}: {DATE_ORDER} is {orders}: write a column of the table and "
                f"{' or '.join(ORDERS)}, such as {{{columns[0]}: {ORDERS[0]}}}"
            )
    return replace(table, form=read_form(place, options))


def _table(system: str, table: dict[str, Any]) -> ContractTable:
    name, said = f"{system}_{table['name']}", _said(table)
    if not (said["required"] or said["without"]):
        said["without"] = "what it feeds stays empty"
    columns = tuple(
        ContractColumn(c["name"], c["data_type"], _meta(c).get("pii", False), **_said(c))
        for c in table["columns"]
    )
    return ContractTable(name=name, system=system, columns=columns, **said)


def _said(node: dict[str, Any]) -> dict[str, Any]:
    """Return what a table or a column says of itself."""
    return {
        "required": _meta(node).get("required", False),
        "without": _meta(node).get("without", ""),
        "description": " ".join(node.get("description", "").split()),
    }


def _meta(node: dict[str, Any]) -> dict[str, Any]:
    meta: dict[str, Any] = node.get("config", {}).get("meta", {})
    return meta
