"""The commands `strata model match`, `clv` and `clusters`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from strata.errors import StrataError
from strata.learn.clusters import Clustered, Clustering
from strata.learn.clusters import clusters as run_clusters
from strata.learn.clv import Fit, Valued
from strata.learn.clv import clv as run_clv
from strata.learn.match import Matched
from strata.learn.match import match as run_match
from strata.learn.scoring import MIN_PROBABILITY, PRECISION
from strata.options import json_option, out_option, raw_option
from strata.project import Project
from strata.warehouse.releases import Warehouse


@click.command()
@out_option
@raw_option
@click.option(
    "--precision",
    type=click.FloatRange(0.0, 1.0),
    default=PRECISION,
    show_default=True,
    help="Share of the pairs to be joined that shall be right.",
)
@click.option(
    "--min-probability",
    type=click.FloatRange(0.0, 1.0),
    default=MIN_PROBABILITY,
    show_default=True,
    help="Leave out pairs that are less probable.",
)
@json_option
def match(out: Path, raw: Path, precision: float, min_probability: float, as_json: bool) -> None:
    """Score which records are the same person or organisation, for the next build.

    Learns from the current release, without examples.
    """
    project = Project.find()
    review = _review_probability(project)
    made = run_match(
        Warehouse(out),
        raw,
        precision=precision,
        review=review,
        min_probability=min_probability,
        tell=lambda line: click.echo(line, err=True),
    )
    click.echo(json.dumps(made.as_json(), ensure_ascii=False) if as_json else _text(made, review))


def _review_probability(project: Project) -> float:
    """Return from which probability on the policy reviews a pair."""
    policy = project.policies()[project.policy(None)]
    try:
        return float(policy["review_match_probability"])
    except (KeyError, ValueError):
        raise StrataError("policies.csv must give review_match_probability as a number") from None


def _text(made: Matched, review: float) -> str:
    lines = [f"Release           {made.build_id}"]
    for counted in made.found:
        lines += counted.as_text(review)
    return "\n".join(
        [*lines, f"File              {made.file}, which the next `strata build` reads"]
    )


@click.command()
@out_option
@raw_option
@json_option
def clv(out: Path, raw: Path, as_json: bool) -> None:
    """Estimate what customers will buy and bring in 3, 6 and 12 months, for the next build.

    Fits BG/NBD and Gamma-Gamma on the purchases in the current release.
    """
    made = run_clv(
        Warehouse(out),
        raw,
        tell=lambda line: click.echo(line, err=True),
    )
    click.echo(json.dumps(made.as_json(), ensure_ascii=False) if as_json else _valued_text(made))


def _valued_text(made: Valued) -> str:
    lines = [f"Release           {made.build_id}"]
    for fit in made.estimates.fits:
        lines += _fit_lines(fit)
    lines += [
        f"{kind:18}left out: {repeat:,} repeat buyers are too few"
        for kind, repeat in made.estimates.left_out.items()
    ]
    return "\n".join(
        [
            *lines,
            f"Written           {made.customers:,} customers",
            f"File              {made.file}, which the next `strata build` reads",
        ]
    )


def _fit_lines(fit: Fit) -> list[str]:
    purchases, amounts = fit.purchases, fit.amounts
    lines = [
        f"{fit.customer_type:18}{fit.buyers:,} buyers, {fit.repeat_buyers:,} of them repeat buyers",
        f"  purchases       r {purchases.r:.3f}, alpha {purchases.alpha:.3f} weeks, "
        f"a {purchases.a:.3f}, b {purchases.b:.3f}; "
        f"log-likelihood {purchases.log_likelihood:,.3f}",
    ]
    if amounts is None:
        return [*lines, "  values          not estimated: too few or too uneven to have a mean"]
    uneven = f"; correlation with frequency {fit.correlation:.2f}" if fit.correlation else ""
    return [
        *lines,
        f"  values          p {amounts.p:.2f}, q {amounts.q:.2f}, v {amounts.v:,.2f}, mean "
        f"{amounts.mean:,.2f}; log-likelihood {amounts.log_likelihood:,.3f}{uneven}",
    ]


@click.command()
@out_option
@raw_option
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    help="Metric of customer_metrics to cut by; repeat it.  [default: see docs/clusters.md]",
)
@click.option(
    "--k", "number", type=click.IntRange(2, 20), help="Clusters to make, clear ones or not."
)
@click.option(
    "--max-k",
    "most",
    type=click.IntRange(2, 20),
    default=8,
    show_default=True,
    help="Most clusters to try, without --k.",
)
@json_option
def clusters(
    out: Path,
    raw: Path,
    metrics: tuple[str, ...],
    number: int | None,
    most: int,
    as_json: bool,
) -> None:
    """Find groups of customers who are alike, for the next build.

    Cuts the customers of the current release who bought by k-means, businesses and consumers apart.
    """
    project = Project.find()
    made = run_clusters(
        project,
        Warehouse(out),
        raw,
        metrics=metrics,
        number=number,
        most=most,
        tell=lambda line: click.echo(line, err=True),
    )
    click.echo(json.dumps(made.as_json(), ensure_ascii=False) if as_json else _clustered_text(made))


def _clustered_text(made: Clustered) -> str:
    lines = [f"Release           {made.build_id}"]
    for clustering in made.clusterings:
        lines += ["", *_clustering_lines(clustering)]
    lines += [f"{kind:18}left out: {problem}" for kind, problem in made.left_out.items()]
    return "\n".join(
        [
            *lines,
            "",
            f"Written           {made.customers:,} customers",
            f"File              {made.file}, which the next `strata build` reads",
        ]
    )


def _clustering_lines(clustering: Clustering) -> list[str]:
    missing = clustering.without_metric
    lines = [
        f"{clustering.customer_type:18}{clustering.customers:,} customers"
        + (f"; {missing:,} left out, they lack a metric" if missing else ""),
        f"  by              {', '.join(clustering.metrics)}",
        *(f"  left out        {name}: {why}" for name, why in clustering.left_out.items()),
        "",
        "  clusters  silhouette  cloud  apart  agreement  smallest",
    ]
    for one in clustering.candidates:
        verdict = "  <- chosen" if one.clusters == clustering.chosen else ""
        lines.append(
            f"  {one.clusters:8}{one.silhouette:12.2f}{one.cloud_silhouette:7.2f}"
            f"{one.separation:7.2f}{one.agreement:11.2f}{one.smallest_share:10.1%}"
            f"  {one.lacks or 'clear'}{verdict}"
        )
    if not clustering.chosen:
        return [*lines, "", "  No clear clusters: nothing is written for them; --k N cuts anyway."]
    lines.append("")
    for cluster in clustering.clusters:
        share = cluster.customers / clustering.customers
        new = "" if not cluster.is_new else "  new"
        lines += [
            f"  {cluster.cluster_key:18}{cluster.customers:9,}{share:7.1%}{new}",
            f"    {cluster.name_en}",
            f"    {cluster.name_zh}",
        ]
    return lines
