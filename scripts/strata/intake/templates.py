"""Empty CSV files in the form of the source contract, for someone who starts with own data."""

from __future__ import annotations

from pathlib import Path

from strata.errors import StrataError
from strata.intake.contract import ContractTable, contract
from strata.intake.files import SUFFIXES

README = "README.md"
INTRODUCTION = """\
# Raw files for Strata

One file per table, named as below, as CSV (UTF-8, with a header), Parquet or XLSX (first visible
sheet). Only erp_orders is needed. Delete the files that you do not fill, or leave them with their
header.
Columns may stand in any order; unknown ones are ignored; those marked **needed** must be there.

- **Dates and times**: `2024-03-04`, `2024-03-04 15:30:00`, `2024-03-04T15:30:00+08:00`,
  `2024/03/04`, `2024.03.04`, `2024年3月4日` or `20240304`. Without an offset a time is in the
  company's `business_time_zone`. `03/04/2024` could be March or April, so its row is rejected.
- **Amounts**: a decimal point and no thousands separator, as in `1234.50`. Another form, or another
  encoding than UTF-8, can be declared (`docs/own-data.md`, Files).
- **Ids and codes** stay as they are written: leading zeros and long numbers survive.
- **updated_at** tells versions of a row apart: the newest version of a key is used.

Validate the folder against the contract with `strata check --raw DIR`, where DIR is this folder.
"""


def write_templates(folder: Path) -> list[Path]:
    """Write one CSV with a header for every contract table, and a README; return the files.

    Raises:
        StrataError: if the folder already holds one of these files; then nothing is written.
    """
    tables = contract()
    if folder.exists() and not folder.is_dir():
        raise StrataError(f"{folder}: is a file; name a folder for the templates")
    names = {table.name + suffix for table in tables for suffix in SUFFIXES} | {README.lower()}
    existing = folder.iterdir() if folder.is_dir() else ()
    taken = sorted(path.name for path in existing if path.name.lower() in names)
    if taken:
        raise StrataError(
            f"{folder} already holds {', '.join(taken)}: nothing was written; name another folder "
            "or move these files away"
        )
    folder.mkdir(parents=True, exist_ok=True)
    texts = {f"{table.name}.csv": _header(table) for table in tables}
    texts[README] = INTRODUCTION + "".join(map(_describe, tables))
    for name, text in texts.items():
        with (folder / name).open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return [folder / name for name in texts]


def _header(table: ContractTable) -> str:
    return ",".join(column.name for column in table.columns) + "\n"


def _describe(table: ContractTable) -> str:
    needed = " (needed)" if table.required else ""
    rows = "".join(
        f"| {column.name} | {column.data_type} | {'**needed**' if column.required else ''} "
        f"| {column.description} |\n"
        for column in table.columns
    )
    return (
        f"\n## {table.name}{needed}\n\n{table.description}\n\n"
        f"| column | type | | what |\n|---|---|---|---|\n{rows}"
    )
