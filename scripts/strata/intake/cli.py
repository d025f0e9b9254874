"""`strata check`, `strata data init` and `strata data import`."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import asdict
from pathlib import Path

import click

from strata.catalogue import report
from strata.intake.check import Report, inspect
from strata.intake.importing import import_files
from strata.intake.rows import Input, TableRows, try_rows
from strata.intake.templates import write_templates
from strata.options import (
    FOLDER,
    MappingFolder,
    inputs_option,
    json_option,
    max_rejected_option,
    raw_option,
)
from strata.project import Project


@click.command()
@raw_option
@max_rejected_option
@json_option
def check(raw: Path, max_rejected: float, as_json: bool) -> None:
    """Validate a folder against the source contract and list the rows a build would reject.

    The exit code is that of a build: 0 if it can continue, 2 if a file, a column or every order is
    unusable, 3 if more than --max-rejected of a table's rows are rejected.
    """
    inspected = inspect(raw)
    problems = list(inspected.problems)
    over: list[TableRows] = []
    found = None
    if not problems:
        found = try_rows(Project.find(), raw)
        problems = found.unusable()
        over = [] if problems else found.over(max_rejected, as_of=None)
    exit_code = 2 if problems else 3 if over else 0
    if as_json:
        content = asdict(inspected) | {"can_build": not exit_code, "problems": problems}
        content |= {"input": asdict(found) if found else None, "build_exit_code": exit_code}
        click.echo(json.dumps(content, ensure_ascii=False))
    else:
        click.echo(_text(inspected, found, exit_code))
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
@click.option(
    "--out",
    type=FOLDER,
    default=lambda: Project.find().raw,
    show_default="raw_data_dir of strata.yml, data/raw",
    help="Folder for the raw files.",
)
@json_option
def import_(mapping: Path, inputs: tuple[str, ...], out: Path, as_json: bool) -> None:
    """Turn an export into raw files with the SQL of a MAPPING.

    MAPPING is a folder of your own or the name of an example, such as web_shop.
    """
    made = import_files(mapping, inputs, out)
    if as_json:
        names = ("input", "status", "rows")
        statuses = [dict(zip(names, status, strict=True)) for status in made.statuses]
        click.echo(json.dumps(asdict(made) | {"statuses": statuses}, ensure_ascii=False))
    else:
        click.echo(report("import", made=made))


def _text(folder: Report, found: Input | None, exit_code: int) -> str:
    rows = [
        [one.name, one.state, "" if one.rows is None else f"{one.rows:,}", str(one.file or "")]
        for one in folder.tables
    ]
    return report("check", folder=folder, rows=rows, found=found, exit_code=exit_code)
