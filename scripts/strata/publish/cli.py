"""The commands `strata build` and `strata rollback`."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from strata.options import json_option, max_rejected_option, out_option, raw_option
from strata.project import Project
from strata.publish.audit import Limits
from strata.publish.build import build as run_build
from strata.publish.guards import Options
from strata.publish.summary import as_text, summary
from strata.warehouse.lock import lock
from strata.warehouse.releases import Warehouse

limit = partial(click.option, type=click.FloatRange(min=0.0), show_default=True)


@click.command()
@raw_option
@out_option
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Date to describe.  [default: the latest business date in the data]",
)
@click.option("--policy", help="policy_key of policies.csv.")
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="Number of releases to keep, including the new one.",
)
@click.option("--threads", type=click.IntRange(min=1), help="Threads of dbt.")
@limit(
    "--max-fall",
    default=0.1,
    help="Stop if a total falls by more than this rate of its value in the current release.",
)
@limit(
    "--max-rise",
    default=0.5,
    help="Stop if a total rises by more than this rate of its value in the current release, "
    "within 30 days.",
)
@limit(
    "--max-shift",
    default=0.2,
    help="Stop if a segment's share of the customers moves by more than this.",
)
@max_rejected_option
@click.option("--accept", is_flag=True, help="Publish even if a limit is exceeded.")
@json_option
def build(
    as_of: datetime | None,
    max_fall: float,
    max_rise: float,
    max_shift: float,
    max_rejected: float,
    as_json: bool,
    **options: Any,
) -> None:
    """Build a release from the raw files, audit it and publish it."""
    project = Project.find()
    limits = Limits(max_fall, max_rise, max_shift, max_rejected)
    options |= {"as_of": as_of.date() if as_of else None, "limits": limits}
    content = summary(run_build(project, Options(**options)), project.today())
    click.echo(json.dumps(content, ensure_ascii=False) if as_json else as_text(content))


@click.command()
@out_option
@click.option("--to", metavar="BUILD_ID", help="Release to restore.  [default: the one before]")
@json_option
def rollback(out: Path, to: str | None, as_json: bool) -> None:
    """Make an earlier release current again."""
    warehouse = Warehouse(out)
    if not warehouse.link.is_symlink():
        warehouse.need_current()
    with lock(warehouse.folder / ".lock", "rollback"):
        before = warehouse.link.readlink().name
        release = warehouse.rollback(to)
    as_of = release.as_of_date.isoformat()
    content = {"build_id": release.build_id, "as_of_date": as_of, "replaced": before}
    text = (
        f"{warehouse.link} leads to {release.build_id} again (customers as of "
        f"{as_of}), no longer to {before}"
    )
    click.echo(json.dumps(content) if as_json else text)
