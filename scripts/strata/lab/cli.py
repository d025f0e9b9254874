"""The command `strata-lab`: how good are the tests, how fast is the build."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from strata.cli import run as run_command
from strata.project import project_dir

ENOUGH_KILLED = 0.9


@click.group(name="strata-lab")
def group() -> None:
    """Measure Strata itself: its tests and its speed."""


@group.command()
@click.option("--seed", type=int, default=1, show_default=True, help="Draws the mutants.")
@click.option("--count", type=click.IntRange(min=1), default=40, show_default=True)
@click.option("--model", "models", multiple=True, help="Mutate only this model; may be repeated.")
@click.option("--customers", type=click.IntRange(min=1), default=400, show_default=True)
@click.option("--workers", type=click.IntRange(min=1), default=2, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def mutate(
    seed: int, count: int, models: tuple[str, ...], customers: int, workers: int, as_json: bool
) -> None:
    """Break the models in COUNT places and list the breaks that no test notices.

    Exit code 1 if fewer than 90 % are noticed.
    """
    from strata.lab import mutate as lab

    report = lab.run(
        project_dir(),
        seed,
        count,
        customers=customers,
        workers=workers,
        models=models,
        tell=lambda line: click.echo(line, err=True),
    )
    click.echo(dumps(report.as_json()) if as_json else report.as_text())
    if report.killed_rate < ENOUGH_KILLED:
        sys.exit(1)


@group.command()
@click.option("--customers", type=click.IntRange(min=1), default=100_000, show_default=True)
@click.option("--orders", type=click.IntRange(min=1), default=1_000_000, show_default=True)
@click.option("--keep", type=click.Path(path_type=Path), help="Keep all files in this new folder.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bench(customers: int, orders: int, keep: Path | None, as_json: bool) -> None:
    """Time a whole build, and its RFM path against one hand-written DuckDB query.

    Fails if the scores of the two differ.
    """
    from strata.lab import bench as lab

    report = lab.run(
        project_dir(), customers, orders, keep, tell=lambda line: click.echo(line, err=True)
    )
    click.echo(dumps(report.as_json()) if as_json else report.as_text())


def dumps(value: object) -> str:
    """Return JSON for people and programs."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def main() -> None:
    """Entry point of `strata-lab`."""
    run_command(group)
