"""`strata check`, `strata data init` and `strata data import`."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import asdict
from pathlib import Path

import click

from strata.intake.check import Report, TableReport, inspect
from strata.intake.importing import ImportReport, import_files
from strata.intake.templates import write_templates
from strata.options import FOLDER, MappingFolder, inputs_option, json_option, raw_option


@click.command()
@raw_option
@json_option
def check(raw: Path, as_json: bool) -> None:
    """Hold a folder against the source contract: exit 0 if a build can go on, else 2."""
    report = inspect(raw)
    click.echo(json.dumps(report.to_dict(), ensure_ascii=False) if as_json else _text(report))
    for problem in report.problems:
        click.echo(f"strata: error: {problem}", err=True)
    if report.problems:
        sys.exit(2)


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
@click.option("--out", type=FOLDER, required=True, help="Folder that gets the raw files.")
@json_option
def import_(mapping: Path, inputs: tuple[str, ...], out: Path, as_json: bool) -> None:
    """Turn an export into raw files with the SQL of a MAPPING.

    MAPPING is a folder of your own or the name of an example, such as web_shop.
    """
    report = import_files(mapping, inputs, out)
    click.echo(_json(report) if as_json else _import_text(report))


def _text(report: Report) -> str:
    lines = [f"{'table':<28}{'state':<9}{'rows':>13}  file"]
    for table in report.tables:
        rows = "" if table.rows is None else f"{table.rows:,}"
        line = f"{table.name:<28}{table.state:<9}{rows:>13}  {table.file or ''}"
        lines.append(line.rstrip())
    notes = [note for table in report.tables for note in _notes(table)]
    for name, nearest in report.unknown_files.items():
        hint = f"; did you mean {nearest}?" if nearest else ""
        notes.append(f"{name}: not a file of the contract, ignored{hint}")
    if notes:
        lines += ["", *notes]
    if not report.problems:
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


def _json(report: ImportReport) -> str:
    fates = [dict(zip(("input", "fate", "rows"), fate, strict=True)) for fate in report.fates]
    return json.dumps({**asdict(report), "fates": fates}, ensure_ascii=False)


def _import_text(report: ImportReport) -> str:
    lines = []
    for name, rows in report.inputs.items():
        lines.append(f"{name}: {rows:,} rows")
        fates = [(fate, count) for source, fate, count in report.fates if source == name]
        lines += [f"  {fate:<50}{count:>13,}" for fate, count in fates]
    lines.append(f"written to {report.out}:")
    lines += [f"  {name:<50}{rows:>13,}" for name, rows in report.tables.items()]
    return "\n".join(lines)
