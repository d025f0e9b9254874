"""The options that commands share, and the types of every path that a user may give.

A path means what it means in the caller's folder: it is made absolute before anything else is done,
since dbt and others work in folders of their own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from strata.project import Project, examples, home

FOLDER = click.Path(path_type=Path, file_okay=False, resolve_path=True)
PLACE = click.Path(path_type=Path, resolve_path=True)
FILE = click.Path(path_type=Path, dir_okay=False, resolve_path=True)


class NamedFile(click.ParamType[str]):
    """`[NAME=]FILE`: a text whose path is absolute, whether a name stands before it or not."""

    name = "[NAME=]FILE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text with an absolute path."""
        name, separator, file = str(value).partition("=")
        if not separator or Path(value).exists():
            return str(Path(value).resolve())
        return f"{name}={Path(file).resolve()}"


class MappingFolder(click.Path):
    """A mapping folder: a path, one of the company's, or a shipped example.

    The last two by name: `web_shop`, `mappings/web_shop`, `examples/web_shop`.
    """

    name = "mapping"

    def __init__(self) -> None:
        super().__init__(path_type=Path, file_okay=False, resolve_path=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the folder; the caller's goes before the company's, and that before an example."""
        for place in () if Path(value).exists() else (home() / "mappings", examples()):
            folder = place / Path(value).name
            is_name = str(value).rstrip("/") in (folder.name, f"{place.name}/{folder.name}")
            if is_name and (folder / "mapping.yml").is_file():
                value = folder
                break
        return super().convert(value, param, ctx)


out_option = click.option(
    "--out",
    type=FOLDER,
    default=lambda: Project.find().place("warehouse_dir", "warehouse"),
    show_default="warehouse_dir of strata.yml, warehouse/",
    help="Warehouse folder.",
)
raw_option = click.option(
    "--raw",
    type=FOLDER,
    default=lambda: Project.find().raw,
    show_default="raw_data_dir of strata.yml, data/raw",
    help="Folder with the raw files.",
)
max_rejected_option = click.option(
    "--max-rejected",
    type=click.FloatRange(min=0.0),
    default=0.05,
    show_default=True,
    help="Stop if more than this share of a table's rows is rejected.",
)
inputs_option = click.option(
    "--input",
    "inputs",
    type=NamedFile(),
    multiple=True,
    required=True,
    help="Parquet, CSV or XLSX file; NAME= if the mapping has several inputs.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
