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
    """Explain a customer's records, id and labels, and how the labels could change.

    Shows the rules that joined its records, untrusted values, and what keeps or changes its labels.
    """
    told = read(Warehouse(out).need_current(), customer_id)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, default=str))
    else:
        click.echo(as_text(told, language))
