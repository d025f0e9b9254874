"""The command `strata-lab`: measures the tests, the matching and the speed of Strata."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path

import click

from strata.cli import run as run_command
from strata.options import (
    FILE,
    FOLDER,
    PLACE,
    MappingFolder,
    inputs_option,
    json_option,
    out_option,
)
from strata.project import project_dir
from strata.warehouse.releases import Warehouse

ENOUGH_KILLED = 0.9
DATE = click.DateTime(["%Y-%m-%d"])


@click.group(name="strata-lab")
def group() -> None:
    """Measure Strata itself: its tests, its matching and its speed."""


@group.command()
@click.option("--seed", type=int, default=1, show_default=True, help="Random seed of the mutants.")
@click.option("--count", type=click.IntRange(min=1), default=40, show_default=True)
@click.option("--model", "models", multiple=True, help="Mutate only this model; may be repeated.")
@click.option("--customers", type=click.IntRange(min=1), default=400, show_default=True)
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True)
@json_option
def mutate(
    seed: int, count: int, models: tuple[str, ...], customers: int, workers: int, as_json: bool
) -> None:
    """Mutate the models in COUNT places and list the mutants that no test notices.

    Exit code 1 if fewer than 90 % are noticed.
    """
    from strata_lab import mutate as lab

    report = lab.run(
        project_dir(),
        seed,
        count,
        customers=customers,
        workers=workers,
        models=models,
        tell=tell,
    )
    click.echo(dumps(report.as_json()) if as_json else report.as_text())
    if report.killed_rate < ENOUGH_KILLED:
        sys.exit(1)


@group.group(invoke_without_command=True)
@click.option("--customers", type=click.IntRange(min=1), default=100_000, show_default=True)
@click.option("--orders", type=click.IntRange(min=1), default=1_000_000, show_default=True)
@click.option("--keep", type=FOLDER, help="Keep all files in this new folder.")
@json_option
@click.pass_context
def bench(
    context: click.Context, customers: int, orders: int, keep: Path | None, as_json: bool
) -> None:
    """Time a whole build, and its RFM path against one hand-written DuckDB query.

    Fails if the scores of the two differ. With a command, time something else.
    """
    if context.invoked_subcommand is not None:
        return
    from strata_lab import bench as lab

    report = lab.run(project_dir(), customers, orders, keep, tell=tell)
    click.echo(dumps(report.as_json()) if as_json else report.as_text())


@bench.command(name="identity")
@click.option("--records", type=click.IntRange(min=1000), default=1_000_000, show_default=True)
@click.option("--keep", type=FOLDER, help="Keep all files in this new folder.")
@json_option
def bench_identity(records: int, keep: Path | None, as_json: bool) -> None:
    """Time identity resolution against a baseline that reads and hashes the same records."""
    from strata_lab import bench_identity as lab

    report = lab.run(project_dir(), records, keep, tell=tell)
    click.echo(dumps(report.as_json()) if as_json else report.as_text())


@bench.command(name="value")
@click.option("--customers", type=click.IntRange(min=1000), default=1_000_000, show_default=True)
@click.option("--keep", type=FOLDER, help="Keep all files in this new folder.")
@json_option
def bench_value(customers: int, keep: Path | None, as_json: bool) -> None:
    """Time `strata model clv` on generated customers with known parameters."""
    from strata_lab import bench_value as lab

    report = lab.run(customers, keep, tell=tell)
    click.echo(dumps(report.as_json()) if as_json else report.as_text())


@group.group()
def evaluate() -> None:
    """Compare the decisions of Strata with a known truth."""


@evaluate.command(name="identity")
@click.option(
    "--mapping",
    type=MappingFolder(),
    required=True,
    help="Mapping that writes erp_customers: a folder, or the name of an example.",
)
@inputs_option
@click.option("--truth", type=FILE, help="File with the columns record_id and true_entity_id.")
@click.option(
    "--truth-column", metavar="NAME", help="Column of the input; hidden from the resolver."
)
@click.option("--match", is_flag=True, help="Score probable pairs too, and resolve with them.")
@click.option("--seed", type=int, default=1, show_default=True, help="Random seed of the scoring.")
@json_option
def evaluate_identity(
    mapping: Path,
    inputs: tuple[str, ...],
    truth: Path | None,
    truth_column: str | None,
    match: bool,
    seed: int,
    as_json: bool,
) -> None:
    """Resolve a labelled file and print precision, recall and wrong merges.

    The file goes through the project's own models by a mapping (see examples/people).
    """
    from strata_lab import identity as lab

    report = lab.evaluate(
        mapping,
        inputs,
        truth=truth,
        truth_column=truth_column,
        match=match,
        seed=seed,
        tell=tell,
    )
    click.echo(dumps(report.as_json()) if as_json else report.as_text())


@evaluate.command(name="value")
@click.option(
    "--input",
    "file",
    type=FILE,
    required=True,
    help="Parquet, CSV or XLSX file with customer_id, order_date and amount, a row per order.",
)
@click.option("--cut", type=DATE, required=True, help="Last day that the models see.")
@click.option("--until", type=DATE, help="Last day of the evaluation.  [default: the last of FILE]")
@json_option
def evaluate_value(file: Path, cut: datetime, until: datetime | None, as_json: bool) -> None:
    """Score customers at a past date and print how well the scores predict later orders.

    Compares RFM score, tier, and the simple and probabilistic lifetime values.
    """
    from strata_lab import lifetime_value as lab

    report = lab.evaluate(file, cut.date(), until.date() if until else None, tell=tell)
    click.echo(dumps(report.as_json()) if as_json else report.as_text())


@evaluate.command(name="warnings")
@click.option("--truth", type=FOLDER, required=True, help="Folder truth/ of the sample company.")
@out_option
@json_option
def evaluate_warnings(truth: Path, out: Path, as_json: bool) -> None:
    """Print precision and recall of the label at risk before customers leave.

    Compares the labels of a release's past dates with the sample company's truth, and with as many
    customers who have waited longest; the same for growing customers, with the revenue.
    """
    from strata_lab import churn_labels as lab

    report = lab.evaluate(Warehouse(out).need_current(), truth)
    click.echo(dumps(report.as_json()) if as_json else report.as_text())


@group.command()
@click.argument("before", type=PLACE)
@click.argument("after", type=PLACE)
@click.option("--ignore", multiple=True, metavar="COLUMN", help="Leave this column out.")
@json_option
def compare(before: Path, after: Path, ignore: tuple[str, ...], as_json: bool) -> None:
    """Compare the public tables of two releases, row by row; exit code 1 if any differs.

    BEFORE and AFTER are warehouse folders, folders of releases, or database files.
    """
    from strata_lab import compare as lab

    report = lab.compare(before, after, ignore)
    click.echo(dumps(report.as_json()) if as_json else report.as_text())
    if not report.is_equal:
        sys.exit(1)


@group.command()
@json_option
def structure(as_json: bool) -> None:
    """Measure the project: lines a model, macros, the longest path, edges against the flow."""
    from strata_lab import structure as lab

    report = lab.measure(project_dir())
    click.echo(dumps(report.as_json()) if as_json else report.as_text())


def tell(line: str) -> None:
    """Print progress to stderr, apart from the result."""
    click.echo(line, err=True)


def dumps(value: object) -> str:
    """Return JSON for people and programs."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def main() -> None:
    """Entry point of `strata-lab`."""
    run_command(group)
