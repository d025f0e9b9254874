"""The command `strata compare`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from strata.compare.read import read
from strata.compare.render import as_text
from strata.options import json_option, out_option
from strata.warehouse.releases import Warehouse


@click.command()
@click.argument("before", required=False)
@click.argument("after", required=False)
@out_option
@json_option
def compare(before: str | None, after: str | None, out: Path, as_json: bool) -> None:
    """Show what an upgrade or a changed policy changes from one release to another.

    BEFORE and AFTER are build_ids or folders of releases, also of another warehouse folder; AFTER
    is the current release and BEFORE the one before it unless they are named.
    """
    warehouse = Warehouse(out)
    new = warehouse.find(after) if after else warehouse.need_current()
    content = read(warehouse.find(before or warehouse.before()), new)
    click.echo(json.dumps(content, ensure_ascii=False) if as_json else as_text(content))
