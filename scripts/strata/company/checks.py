"""What is wrong with a company's folder, for dbt and for `strata` alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from strata.errors import StrataError
from strata.project import Project
from strata.seeds import FOLDERS, read_seeds
from strata.settings import FILE, read_settings
from strata.yaml_file import read_yaml

# What dbt knows by the name of its file.
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
    theirs = {path.stem: path for path in _named(shipped)}
    for path in _named(folder):
        if path.stem in theirs:
            yield (
                f"{path.relative_to(folder)}: Strata has {theirs[path.stem].relative_to(shipped)}: "
                "rename the file"
            )
    try:
        read_seeds(shipped, folder, FOLDERS)
        if (folder / FILE).is_file():
            settings = read_settings(folder, shipped)
            found = read_yaml(folder / "dbt_project.yml").get("vars") or {}
            for name, value in settings.variables.items():
                if found.get(name, None if name in settings.told else value) != value:
                    yield (
                        f"{FILE}: {name} is {value}, and dbt_project.yml says {found.get(name)}: "
                        "run `strata init` for the folder, which copies the settings"
                    )
    except StrataError as error:
        yield str(error)


def _named(folder: Path) -> Iterator[Path]:
    for name in NAMED:
        for path in sorted((folder / name).rglob("*")):
            if path.suffix in (".sql", ".py", ".csv"):
                yield path
