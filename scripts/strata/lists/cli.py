"""The command `strata export`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from strata.lists.export import Export
from strata.lists.export import export as run_export
from strata.options import FOLDER, json_option, out_option
from strata.project import home
from strata.terminal import table
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
    default=lambda: home() / "exports",
    show_default="exports/",
    help="Folder for lists.",
)
@click.option("--owner", metavar="OWNER_ID", help="Only this owner's lists.")
@json_option
def export(out: Path, lists: Path, owner: str | None, as_json: bool) -> None:
    """Write the lists of customers to contact, from the current release."""
    made = run_export(Warehouse(out), lists, owner)
    if as_json:
        click.echo(json.dumps({"folder": str(made.folder), **made.manifest()}, ensure_ascii=False))
    else:
        click.echo(as_text(made))


def as_text(made: Export) -> str:
    """Return the counts of listed and unlisted customers with reasons, as text."""
    lists = [file for file in made.files if file.file.endswith(".csv")]
    rows = [
        [file.playbook_key, file.owner_id or "nobody", f"{file.rows:,}", file.file]
        for file in lists
    ]
    lines = [table(["Playbook", "Owner", "Actions", "List"], rows, text=[0, 1, 3]), ""]
    if not lists:
        lines = []
    total = sum(file.rows for file in lists)
    lines.append(f"{total:,} actions as of {made.as_of_date}; {made.held_back:,} listed before")
    if made.left_out:
        whys = [f"{count:,} {LEFT_OUT.get(why, why)}" for why, count in made.left_out.items()]
        lines.append(f"Customers not listed: {', '.join(whys)}")
    if not (total or made.held_back or made.left_out):
        whose = " whom this owner looks after" if made.owner else ""
        lines.append(f"no customer{whose} is in the audience of a playbook")
    lines.append(f"Lists             {made.folder}")
    return "\n".join(lines)
