"""The commands `strata model match`, `clv` and `clusters`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from strata.errors import StrataError
from strata.learn.chance import MIN_PROBABILITY, PRECISION
from strata.learn.raw import Learnt, need_extra
from strata.options import json_option, out_option, raw_option
from strata.project import Project
from strata.warehouse.releases import Warehouse

if TYPE_CHECKING:  # each command loads its own libraries
    from strata.learn.clusters import Clustered, Clustering
    from strata.learn.clv import Fit, Valued

tell = partial(click.echo, err=True)
rate = partial(click.option, type=click.FloatRange(0.0, 1.0), show_default=True)


def _say(made: Learnt, as_json: bool, lines: Iterable[str]) -> None:
    if as_json:
        click.echo(json.dumps(made.as_json(), ensure_ascii=False))
        return
    first = f"Release           {made.build_id}"
    last = f"File              {made.file}, which the next `strata build` reads"
    click.echo("\n".join([first, *lines, last]))


@click.command()
@out_option
@raw_option
@rate(
    "--precision",
    default=PRECISION,
    help="Required share of correct pairs among those joined.",
)
@rate(
    "--min-probability",
    default=MIN_PROBABILITY,
    help="Leave out pairs below this probability.",
)
@json_option
def match(out: Path, raw: Path, precision: float, min_probability: float, as_json: bool) -> None:
    """Score pairs of records of the same person or organisation, for the next build.

    Learns from the current release, without examples.
    """
    project = Project.find()
    policy = project.policies()[project.policy(None)]
    try:
        review = float(policy["review_match_probability"])
    except (KeyError, ValueError):
        raise StrataError("policies.csv must give review_match_probability as a number") from None
    need_extra("match")
    from strata.learn.match import match as run_match

    made = run_match(
        Warehouse(out),
        raw,
        precision=precision,
        review=review,
        min_probability=min_probability,
        tell=tell,
    )
    lines = (line for scored in made.found for line in scored.as_text(review))
    _say(made, as_json, lines)


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
    _say(made, as_json, _valued_lines(made))


def _valued_lines(made: Valued) -> Iterator[str]:
    for fit in made.fits:
        yield from _fit_lines(fit)
    for kind, repeat in made.left_out.items():
        yield f"{kind:18}left out: {repeat:,} repeat buyers are too few"
    yield f"Written           {made.customers:,} customers"


def _fit_lines(fit: Fit) -> Iterator[str]:
    purchases, amounts = fit.purchases, fit.amounts
    buyers = f"{fit.buyers:,} buyers, {fit.repeat_buyers:,} of them repeat buyers"
    yield f"{fit.customer_type:18}{buyers}"
    yield (
        f"  purchases       r {purchases.r:.3f}, alpha {purchases.alpha:.3f} weeks, "
        f"a {purchases.a:.3f}, b {purchases.b:.3f}; "
        f"log-likelihood {purchases.log_likelihood:,.3f}"
    )
    if amounts is None:
        yield "  values          not estimated: too few or too uneven to have a mean"
        return
    uneven = f"; correlation with frequency {fit.correlation:.2f}" if fit.correlation else ""
    yield (
        f"  values          p {amounts.p:.2f}, q {amounts.q:.2f}, v {amounts.v:,.2f}, mean "
        f"{amounts.mean:,.2f}; log-likelihood {amounts.log_likelihood:,.3f}{uneven}"
    )


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
    _say(made, as_json, _clustered_lines(made))


def _clustered_lines(made: Clustered) -> Iterator[str]:
    for clustering in made.clusterings:
        yield ""
        yield from _clustering_lines(clustering)
    for kind, problem in made.left_out.items():
        yield f"{kind:18}left out: {problem}"
    yield ""
    yield f"Written           {made.customers:,} customers"


def _clustering_lines(clustering: Clustering) -> Iterator[str]:
    missing = clustering.without_metric
    lacking = f"; {missing:,} left out, they lack a metric" if missing else ""
    yield f"{clustering.customer_type:18}{clustering.customers:,} customers{lacking}"
    yield f"  by              {', '.join(clustering.metrics)}"
    for name, why in clustering.left_out.items():
        yield f"  left out        {name}: {why}"
    yield ""
    yield "  clusters  silhouette  cloud  apart  agreement  smallest"
    for one in clustering.candidates:
        verdict = "  <- chosen" if one.clusters == clustering.chosen else ""
        yield (
            f"  {one.clusters:8}{one.silhouette:12.2f}{one.cloud_silhouette:7.2f}"
            f"{one.separation:7.2f}{one.agreement:11.2f}{one.smallest_share:10.1%}"
            f"  {one.lacks or 'clear'}{verdict}"
        )
    yield ""
    if not clustering.chosen:
        yield "  No clear clusters: nothing is written for them; --k N cuts anyway."
    for cluster in clustering.clusters:
        share = cluster.customers / clustering.customers
        new = "  new" if cluster.is_new else ""
        yield f"  {cluster.cluster_key:18}{cluster.customers:9,}{share:7.1%}{new}"
        yield f"    {cluster.name_en}"
        yield f"    {cluster.name_zh}"
