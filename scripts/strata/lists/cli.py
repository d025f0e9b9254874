"""The command `strata export`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from strata.catalogue import report
from strata.lists.export import Export
from strata.lists.export import export as run_export
from strata.options import FOLDER, json_option, out_option
from strata.project import Project
from strata.warehouse.releases import Warehouse

# Why customers of an audience are not on a list, as it is said after their number.
LEFT_OUT = {
    "control_group": "in the control group",
    "cooldown": "in the cooldown of their last stay",
    "other_playbook": "in a playbook of higher priority",
    "no_contact_details": "without the contact details that the channel needs",
}


@click.command()
@out_option
@click.option(
    "--lists",
    type=FOLDER,
    default=lambda: Project.find().place("lists_dir", "exports"),
    show_default="lists_dir of strata.yml, exports/",
    help="Folder for lists.",
)
@click.option("--owner", metavar="OWNER_ID", help="Only this owner's lists.")
@json_option
def export(out: Path, lists: Path, owner: str | None, as_json: bool) -> None:
    """Write the lists of customers to contact, from the current release."""
    made = run_export(Warehouse(out), lists, owner)
    if as_json:
        click.echo(json.dumps({"folder": str(made.folder), **made.manifest}, ensure_ascii=False))
    else:
        click.echo(as_text(made))


def as_text(made: Export) -> str:
    """Return what was listed and why others are not, for people."""
    lists = [file for file in made.manifest["files"] if file["file"].endswith(".csv")]
    rows = [
        [file["playbook_key"], file["owner_id"] or "nobody", f"{file['rows']:,}", file["file"]]
        for file in lists
    ]
    total = sum(file["rows"] for file in lists)
    return report("export", made=made, rows=rows, total=total, reasons=LEFT_OUT)
