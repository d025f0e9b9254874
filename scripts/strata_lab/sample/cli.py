"""The command `strata data sample`."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from strata.options import FOLDER, json_option
from strata.project import home
from strata_lab.sample.generate import SampleOptions, make_sample


@click.command()
@click.option(
    "--customers", default=5000, show_default=True, help="Customers, with or without orders."
)
@click.option("--seed", default=1, show_default=True, help="Random seed.")
@click.option(
    "--out",
    default=lambda: home() / "data",
    show_default="data/",
    type=FOLDER,
    help="Folder that receives raw/ (what the pipeline reads) and truth/ (what it never reads).",
)
@click.option(
    "--end",
    default="2026-10-31",
    show_default=True,
    type=click.DateTime(["%Y-%m-%d"]),
    help="Last business date; orders go back three years from it.",
)
@click.option(
    "--format",
    "file_format",
    default="parquet",
    show_default=True,
    type=click.Choice(["parquet", "csv"]),
    help="Format of the raw files; all columns are text in both.",
)
@click.option(
    "--every-fault",
    is_flag=True,
    help="Plant every kind of fault in every table, however small: a build then needs --accept.",
)
@json_option
def sample(
    customers: int,
    seed: int,
    out: Path,
    end: datetime,
    file_format: str,
    every_fault: bool,
    as_json: bool,
) -> None:
    """Generate a sample company: three years of orders, and all its other systems.

    The same options give the same bytes.
    """
    options = SampleOptions(customers, seed, end.date(), file_format, every_fault)
    made = make_sample(options, out, report=lambda line: click.echo(line, err=True))
    for file in made:
        click.echo(f"{out / file.path}: {file.rows:,} rows, {file.bytes:,} bytes", err=True)
    if as_json:
        summary = {
            "out": str(out),
            "customers": customers,
            "seed": seed,
            "end": end.date().isoformat(),
            "files": [asdict(file) for file in made],
        }
        click.echo(json.dumps(summary, ensure_ascii=False))
