"""The source contract, as the YAML of the dbt project declares it."""

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

    `data_type` is text, integer, decimal, date, timestamp or boolean.
    """

    name: str
    data_type: str
    required: bool
    pii: bool
    description: str


@dataclass(frozen=True)
class ContractTable:
    """A source table; `name` is its file name without the extension, as in `erp_orders`.

    `form` says how its file is written, where `config.meta` declares it.
    """

    name: str
    system: str
    required: bool
    description: str
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
    return ContractTable(
        name=f"{system}_{table['name']}",
        system=system,
        required=bool(_meta(table).get("required", False)),
        description=" ".join(table.get("description", "").split()),
        columns=tuple(
            ContractColumn(
                name=column["name"],
                data_type=column["data_type"],
                required=bool(_meta(column).get("required", False)),
                pii=bool(_meta(column).get("pii", False)),
                description=" ".join(column.get("description", "").split()),
            )
            for column in table["columns"]
        ),
        form=read_form(f"config of source {system}_{table['name']}", _meta(table)),
    )


def _meta(node: dict[str, Any]) -> dict[str, Any]:
    meta: dict[str, Any] = node.get("config", {}).get("meta", {})
    return meta
