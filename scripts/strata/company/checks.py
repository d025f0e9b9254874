"""What is wrong with a company's folder, for dbt and for `strata` alike."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import duckdb

from strata.errors import StrataError
from strata.project import Project
from strata.seeds import FOLDERS, JUDGED, Seed, read_seeds
from strata.settings import FILE, read_settings
from strata.yaml_file import read_yaml

# Folders whose files dbt knows by their names.
NAMED = ("models", "seeds", "snapshots")


def company_problems(folder: str, shipped: str) -> list[str]:
    """Return a line for each thing that is wrong in a company's folder.

    `shipped` is Strata's dbt project. Without strata.yml no settings are judged.
    """
    return [*_problems(Path(folder), Path(shipped))]


def dbt_folder(project: Project) -> Path:
    """Return the folder that dbt runs in.

    Raises StrataError with every line of `company_problems`, if there are any.
    """
    folder = project.ready()
    if project.company and (problems := company_problems(str(folder), str(project.folder))):
        raise StrataError("\n  ".join(problems))
    return folder


def _problems(folder: Path, shipped: Path) -> Iterator[str]:
    theirs = {path.stem.lower(): path for path in _named(shipped)}
    for path in _named(folder):
        if shipped_path := theirs.get(path.stem.lower()):
            other = shipped_path.relative_to(shipped)
            yield f"{path.relative_to(folder)}: Strata has {other}: rename the file"
    try:
        yield from _untyped(read_seeds(shipped, folder, FOLDERS))
        if (folder / FILE).is_file():
            settings = read_settings(folder, shipped)
            project = read_yaml(folder / "dbt_project.yml")
            found = project.get("vars") if isinstance(project, dict) else None
            if not isinstance(found, dict):
                yield "dbt_project.yml: vars are missing: rename it, and run `strata init`"
                return
            for name, value in settings.variables.items():
                if found.get(name, None if name in settings.told else value) != value:
                    yield (
                        f"{FILE}: {name} is {value}, and dbt_project.yml says {found.get(name)}: "
                        "run `strata init` for the folder, which copies the settings"
                    )
    except StrataError as error:
        yield str(error)


def _untyped(seeds: dict[str, Seed]) -> Iterator[str]:
    """Yield the company's cells that dbt could not load, in seeds that the lint does not judge."""
    with duckdb.connect() as connection:
        for seed in seeds.values():
            own = [row for row in seed.rows if row.own_places and seed.folder not in JUDGED]
            for row, (column, kind) in product(own, seed.types.items()):
                found = connection.execute(f"select try_cast(? as {kind})", [row[column] or None])
                if row[column] and found.fetchall() == [(None,)]:
                    place = f"{row.file}:{row.line}: {column}"
                    yield f"{place}: '{row[column]}' is no {kind}: correct the cell"


def _named(folder: Path) -> Iterator[Path]:
    for name in NAMED:
        for path in sorted((folder / name).rglob("*")):
            if path.suffix in (".sql", ".py", ".csv"):
                yield path
