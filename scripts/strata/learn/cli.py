"""The commands `strata model match`, `clv` and `clusters`."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import click

from strata.catalogue import report
from strata.errors import StrataError
from strata.learn.chance import MIN_PROBABILITY, PRECISION
from strata.learn.raw import Learnt, need_extra
from strata.options import json_option, out_option, raw_option
from strata.project import Project
from strata.warehouse.releases import Warehouse

tell = partial(click.echo, err=True)
rate = partial(click.option, type=click.FloatRange(0.0, 1.0), show_default=True)


def _say(made: Learnt, as_json: bool, name: str, **values: object) -> None:
    as_text = partial(report, name, made=made, **values)
    click.echo(json.dumps(made.as_json(), ensure_ascii=False) if as_json else as_text())


@click.command()
@out_option
@raw_option
@rate("--precision", default=PRECISION, help="Required share of correct pairs among those joined.")
@rate("--min-probability", default=MIN_PROBABILITY, help="Leave out pairs below this probability.")
@json_option
def match(out: Path, raw: Path, precision: float, min_probability: float, as_json: bool) -> None:
    """Score pairs of records of the same person or organisation, for the next build.

    Learns from the current release, without examples.
    """
    project = Project.find()
    policy = project.policies[project.policy(None)]
    try:
        review = float(policy["review_match_probability"])
    except ValueError:
        raise StrataError("policies.csv must give review_match_probability as a number") from None
    need_extra("match")
    from strata.learn.match import MINIMUM_RECORDS
    from strata.learn.match import match as run_match

    made = run_match(
        Warehouse(out),
        raw,
        precision=precision,
        review=review,
        min_probability=min_probability,
        tell=tell,
    )
    _say(made, as_json, "match", review=review, minimum=MINIMUM_RECORDS)


@click.command()
@out_option
@raw_option
@json_option
def clv(out: Path, raw: Path, as_json: bool) -> None:
    """Forecast purchases and value of customers in 3, 6 and 12 months, for the next build.

    Fits BG/NBD and Gamma-Gamma on the purchases in the current release.
    """
    need_extra("clv")
    from strata.learn.clv import clv as run_clv

    made = run_clv(Warehouse(out), raw, tell=tell)
    _say(made, as_json, "clv")


@click.command()
@out_option
@raw_option
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    help="Metric of customer_metrics to cluster by; repeatable.  [default: see docs/clusters.md]",
)
@click.option("--k", "number", type=click.IntRange(2, 20), help="Force this number of clusters.")
@click.option(
    "--max-k",
    "most",
    type=click.IntRange(2, 20),
    default=8,
    show_default=True,
    help="Maximum number of clusters to try without --k.",
)
@json_option
def clusters(
    out: Path, raw: Path, metrics: tuple[str, ...], number: int | None, most: int, as_json: bool
) -> None:
    """Find groups of similar customers, for the next build.

    Cuts the customers of the current release who bought by k-means, businesses and consumers apart.
    """
    need_extra("clusters")
    from strata.learn.clusters import clusters as run_clusters

    made = run_clusters(
        Project.find(), Warehouse(out), raw, metrics=metrics, number=number, most=most, tell=tell
    )
    _say(made, as_json, "clusters")
