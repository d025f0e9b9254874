"""`strata check`, `strata data init` and `strata data import`."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import asdict
from pathlib import Path

import click

from strata.intake.check import Report, TableReport, inspect
from strata.intake.importing import import_files
from strata.intake.rows import Input, TableRows
from strata.intake.templates import write_templates
from strata.options import (
    FOLDER,
    MappingFolder,
    inputs_option,
    json_option,
    max_rejected_option,
    raw_option,
)
from strata.project import project_dir
from strata.terminal import table as aligned


@click.command()
@raw_option
@max_rejected_option
@json_option
def check(raw: Path, max_rejected: float, as_json: bool) -> None:
    """Validate a folder against the source contract and list the rows a build would reject.

    The exit code is that of a build: 0 if it can continue, 2 if a file, a column or every order is
    unusable, 3 if more than --max-rejected of a table's rows are rejected.
    """
    report = inspect(raw)
    problems = list(report.problems)
    over: list[TableRows] = []
    found = None
    if not problems:
        from strata.intake.trial import try_rows

        found = try_rows(project_dir(), raw)
        problems = found.unusable()
        over = [] if problems else found.over(max_rejected, as_of=None)
    exit_code = 2 if problems else 3 if over else 0
    if as_json:
        content = asdict(report) | {"can_build": not exit_code, "problems": problems}
        content |= {"input": asdict(found) if found else None, "build_exit_code": exit_code}
        click.echo(json.dumps(content, ensure_ascii=False))
    else:
        click.echo(_text(report, found, exit_code))
    for problem in problems:
        click.echo(f"strata: error: {problem}", err=True)
    if over:
        click.echo(
            f"strata: error: a build would stop: --max-rejected allows {max_rejected:.1%}; mend "
            f"the rows, or build with --accept ({'; '.join(table.verdict for table in over)})",
            err=True,
        )
    sys.exit(exit_code)


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
def init(folder: Path) -> None:
    """Write an empty CSV template for every table of the source contract, and a README."""
    files = write_templates(folder)
    click.echo(f"{len(files)} files written to {folder}:")
    for file in files:
        click.echo(f"  {file.name}")
    click.echo(f"Fill erp_orders first, then: strata check --raw {shlex.quote(str(folder))}")


@click.command(name="import")
@click.argument("mapping", type=MappingFolder())
@inputs_option
@click.option("--out", type=FOLDER, required=True, help="Folder for the raw files.")
@json_option
def import_(mapping: Path, inputs: tuple[str, ...], out: Path, as_json: bool) -> None:
    """Turn an export into raw files with the SQL of a MAPPING.

    MAPPING is a folder of your own or the name of an example, such as web_shop.
    """
    report = import_files(mapping, inputs, out)
    if as_json:
        names = ("input", "status", "rows")
        statuses = [dict(zip(names, status, strict=True)) for status in report.statuses]
        click.echo(json.dumps(asdict(report) | {"statuses": statuses}, ensure_ascii=False))
        return
    for name, rows in report.inputs.items():
        click.echo(f"{name}: {rows:,} rows")
        for source, status, count in report.statuses:
            if source == name:
                click.echo(f"  {status:<50}{count:>13,}")
    click.echo(f"written to {report.out}:")
    for name, rows in report.tables.items():
        click.echo(f"  {name:<50}{rows:>13,}")


def _text(report: Report, found: Input | None, exit_code: int) -> str:
    rows = [
        [one.name, one.state, "" if one.rows is None else f"{one.rows:,}", str(one.file or "")]
        for one in report.tables
    ]
    lines = [aligned(["table", "state", "rows", "file"], rows, text=[0, 1, 3])]
    notes = [note for table in report.tables for note in _notes(table)]
    for name, nearest in report.unknown_files.items():
        hint = f"; did you mean {nearest}?" if nearest else ""
        notes.append(f"{name}: not a file of the contract, ignored{hint}")
    if notes:
        lines += ["", *notes]
    if found is not None:
        rejecting = [table for table in found.tables if table.rejected]
        if rejecting:
            lines += ["", "Rows that a build would reject:", *map(str, rejecting)]
        if found.warnings:
            lines += ["", *(f"Warning: {text}" for text in found.warnings)]
        if not exit_code:
            lines += ["", f"{report.folder}: a build can go on."]
    return "\n".join(lines)


def _notes(table: TableReport) -> list[str]:
    notes = []
    if table.state in ("present", "empty") and table.missing_columns:
        notes.append(f"{table.name}: missing columns {', '.join(table.missing_columns)}")
    if table.unknown_columns:
        names = ", ".join(table.unknown_columns)
        notes.append(f"{table.name}: unknown columns {names}, ignored by the build")
    state = {"missing": "missing: ", "empty": "a header without rows counts as missing: "}
    return notes + [f"{table.name}: {state.get(table.state, '')}{e}" for e in table.effects]
