"""The command `strata explain`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from strata.explain.read import read
from strata.explain.render import as_text
from strata.options import json_option, out_option
from strata.warehouse.releases import Warehouse


@click.command()
@click.argument("customer_id")
@out_option
@click.option(
    "--language", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language."
)
@json_option
def explain(customer_id: str, out: Path, language: str, as_json: bool) -> None:
    """Say why a customer is who it is, and what would change that.

    Its records, what joined them, what was not trusted, its labels, and what keeps or changes them.
    """
    told = read(Warehouse(out).need_current(), customer_id)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, default=str))
    else:
        click.echo(as_text(told, language))
