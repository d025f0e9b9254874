"""`strata model clusters`: groups of similar customers, for the next build."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from strata.errors import StrataError
from strata.learn.measured import Prepared, need_use, prepare, wanted_metrics
from strata.learn.partition import Candidate, candidates, choose, cut, scaled
from strata.learn.raw import Learnt, need_raw, write_customers
from strata.learn.traits import Metric, differences, names
from strata.project import Project
from strata.warehouse.releases import Warehouse

FILE = "model_customer_clusters.parquet"
# Customers of all types; it stays empty if no clusters are clear.
TABLE = """
    create temp table clustered (
        customer_id varchar, customer_type varchar, cluster_key varchar, name_en varchar,
        name_zh varchar, metrics varchar, centre_distance double
    )
"""
# Raised by one when the cutting or the scale changes.
VERSION = "k-means/1"
# Of more customers, the centres are learnt from this many, drawn by their ids.
LEARNT_FROM = 50_000
# A cluster keeps its key if it shares more than this of all that are in the old or the new one.
SAME = 0.5


@dataclass(frozen=True)
class Cluster:
    """A cluster; `is_new` if the current release had none that it goes on from."""

    cluster_key: str
    name_en: str
    name_zh: str
    customers: int
    is_new: bool


@dataclass(frozen=True)
class Clustering:
    """The clusters found among the customers of one type.

    `customers` were cut; `without_metric` were not, for they lack one of the metrics. `left_out`
    has the metrics that could not be used and why. `chosen` is None without clear clusters.
    """

    customer_type: str
    customers: int
    without_metric: int
    metrics: list[str]
    left_out: dict[str, str]
    candidates: list[Candidate]
    chosen: int | None
    is_forced: bool
    clusters: list[Cluster]


@dataclass(frozen=True)
class Clustered(Learnt):
    """What `clusters` did; `left_out` has the customer types that were not cut and why."""

    customers: int
    clusterings: list[Clustering]
    left_out: dict[str, str]


def clusters(
    project: Project,
    warehouse: Warehouse,
    raw: Path,
    *,
    metrics: Sequence[str] = (),
    number: int | None = None,
    most: int = 8,
    tell: Callable[[str], None] = lambda line: None,
) -> Clustered:
    """Cut the customers of the current release into clusters and write them into the raw folder.

    The same release gives the same clusters. The metrics are rows of the project's metrics.csv, the
    usual ones if none are named. `number` clusters are made whether they are clear or not; without
    it, up to `most` are tried. `strata.learn.raw` says what the other arguments are.

    Raises StrataError if there is no release, no raw folder, a metric that cannot be used, or too
    few customers.
    """
    listed = project.metrics
    wanted = wanted_metrics(metrics, listed)
    release = warehouse.need_current()
    need_raw(raw, FILE)
    tell(f"read the metrics of release {release.build_id}")
    with duckdb.connect(str(release.public), read_only=True) as connection:
        prepared = prepare(connection, release, wanted, listed)
        need_use(metrics, prepared)
        left_out = {kind: one.problem for kind, one in prepared.items() if one.problem}
        if len(left_out) == len(prepared):
            said = "; ".join(f"{kind}: {problem}" for kind, problem in left_out.items())
            raise StrataError(f"nobody to cut into clusters: {said or 'nobody bought anything'}")
        connection.execute(TABLE)
        made = []
        for kind, one in prepared.items():
            if not one.problem:
                customers = f"{len(one.table):,} customers of type {kind}"
                tell(f"cut {customers} by {len(one.metrics)} metrics")
                as_of = release.as_of_date
                made.append(_cluster(connection, kind, one, as_of, listed, number, most))
        file = raw / FILE
        fitted_at = write_customers(connection, "clustered", release, VERSION, file)
    written = sum(cluster.customers for one in made for cluster in one.clusters)
    return Clustered(file, release.build_id, VERSION, fitted_at, written, made, left_out)


def _keys(connection: duckdb.DuckDBPyConnection, kind: str) -> dict[str, str]:
    """Return which cluster each customer has in the release; nothing before the first clusters."""
    query = "select customer_id, cluster_key from customer_clusters where customer_type = $1"
    try:
        return dict(connection.execute(query, [kind]).fetchall())
    except duckdb.CatalogException:  # an older Strata made the release
        return {}


def _cluster(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    prepared: Prepared,
    as_of: date,
    listed: dict[str, Metric],
    number: int | None,
    most: int,
) -> Clustering:
    """Cut the customers of a type, and write a row for each into table `clustered`."""
    values = prepared.table[prepared.metrics].to_numpy()
    ids = prepared.table["customer_id"].to_numpy()
    points = scaled(values)
    digests = np.array([_digest(one) for one in ids], dtype="S16")
    drawn = np.sort(np.argsort(digests, kind="stable")[:LEARNT_FROM])
    learn_from = points[drawn]
    different = len(np.unique(learn_from, axis=0))
    if number is not None and number > different:
        raise StrataError(
            f"--k {number}: the customers of type {kind} have only {different} different values"
        )
    numbers = range(2, min(most, different) + 1) if number is None else [number]
    tried = candidates(learn_from, numbers)
    best = choose(tried)
    chosen = number or (best.clusters if best else None)
    made = []
    if chosen:
        labels, distances = cut(points, learn_from, chosen)
        texts = names(differences(values, labels), [listed[metric] for metric in prepared.metrics])
        before = _keys(connection, kind)
        old = np.array([before.get(one, "") for one in ids])
        for label in range(chosen):
            inside = labels == label
            kept = _kept_key(old, inside)
            centre = ids[inside][np.argmin(distances[inside])]
            # A key that no other clustering gives, of the customer nearest to the centre.
            text = f"{as_of} {chosen} {'|'.join(prepared.metrics)} {centre}"
            key = kept or f"{kind}_{_digest(text).hex()[:8]}"
            made.append(Cluster(key, *texts[label], int(inside.sum()), not kept))
        labelled = pd.DataFrame(made)[["cluster_key", "name_en", "name_zh"]].iloc[labels]
        rows = labelled.assign(
            customer_id=ids,
            customer_type=kind,
            metrics="|".join(prepared.metrics),
            centre_distance=distances,
        )
        connection.register("rows", rows)
        connection.execute("insert into clustered by name from rows")
    return Clustering(
        customer_type=kind,
        customers=len(ids),
        without_metric=prepared.bought - len(ids),
        metrics=prepared.metrics,
        left_out=prepared.left_out,
        candidates=tried,
        chosen=chosen,
        is_forced=number is not None,
        clusters=sorted(made, key=lambda one: (-one.customers, one.cluster_key)),
    )


def _kept_key(old: Any, inside: Any) -> str:
    """Return the key of the old cluster that this one goes on from; empty if there is none.

    More than half of all who are in either are in both, which can be true of one old cluster only,
    and of one new cluster for it. Customers who had no cluster do not count.
    """
    known = old != ""
    keys, shared = np.unique(old[inside & known], return_counts=True)
    for key, count in zip(keys, shared, strict=True):
        either = ((old == key) | (inside & known)).sum()
        if count > SAME * either:
            return str(key)
    return ""


def _digest(text: str) -> bytes:
    return hashlib.md5(text.encode(), usedforsecurity=False).digest()
