"""The command `strata init`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from strata.catalogue import report
from strata.company.folder import make_folder
from strata.options import FOLDER, json_option


@click.command()
@click.argument("folder", metavar="DIR", type=FOLDER)
@click.option("--sample", is_flag=True, help="Make a sample company in DIR/data as well.")
@json_option
@click.pass_context
def init(context: click.Context, folder: Path, sample: bool, as_json: bool) -> None:
    """Make a company's own folder, or complete one: settings, policies, playbooks, models.

    Run again, it changes no file of yours.
    """
    made = make_folder(folder)
    if sample and not (folder / "data" / "raw").exists():
        command: click.Command | None = context.find_root().command
        for name in ("data", "sample"):
            assert isinstance(command, click.Group)
            command = command.get_command(context, name)
        assert command is not None
        context.invoke(command, out=folder / "data")
    content = {"folder": str(folder), "files": made}
    click.echo(json.dumps(content, ensure_ascii=False) if as_json else report("init", **content))
