"""The seeds of the policies, as their CSV files and their YAML say, with line numbers."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from strata.errors import StrataError
from strata.yaml_file import read_yaml

# A seed with names of people, which a release keeps to its owner.
PRIVATE_SEED = "owners.csv"
# Folders whose seeds are judged, and one that is read for its words.
JUDGED = ("policy", "playbooks")
READ = (*JUDGED, "reference")


@dataclass(frozen=True)
class Row:
    """One row of a seed; `line` is the line of the file on which it begins, the header being 1."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell, empty if the file lacks the column."""
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Seed:
    """A seed: what its YAML declares and the rows of its file.

    `types` and `notes` are the types and descriptions of its columns; `tests` are the kind and
    arguments of its generic data tests; `misfits` are rows with more or
    fewer cells than the header, and how many they have.
    """

    name: str
    folder: str
    file: str
    types: dict[str, str]
    notes: dict[str, str]
    tests: tuple[tuple[str, dict[str, Any]], ...]
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    misfits: tuple[tuple[Row, int], ...] = field(default=())


def keep_seeds(project: Path, release: Path) -> None:
    """Copy what a policy says into the folder of a release, to be read when it is explained."""
    for folder in READ:
        if (project / "seeds" / folder).is_dir():
            shutil.copytree(
                project / "seeds" / folder,
                release / "seeds" / folder,
                copy_function=shutil.copyfile,  # with the mode of a new file, not of the old one
            )


def read_seeds(project: Path) -> dict[str, Seed]:
    """Return the seeds of the folders policy, playbooks and reference by name.

    Raises:
        StrataError: a file is missing, is not UTF-8 or lacks a declared column.
    """
    seeds: dict[str, Seed] = {}
    for folder in READ:
        for path in sorted((project / "seeds" / folder).glob("*.yml")):
            for declared in (read_yaml(path) or {}).get("seeds", []):
                seeds[declared["name"]] = _read(project, folder, declared)
    return seeds


def _read(project: Path, folder: str, declared: dict[str, Any]) -> Seed:
    name = declared["name"]
    path = project / "seeds" / folder / f"{name}.csv"
    file = path.relative_to(project).as_posix()
    types = declared.get("config", {}).get("column_types", {})
    notes = {column["name"]: column for column in declared.get("columns", [])}
    tests = [test for node in (declared, *notes.values()) for test in _tests(node)]
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            header, rows, misfits = _rows(file, csv.reader(lines, strict=True))
    except FileNotFoundError:
        raise StrataError(f"{file} is missing: restore it, or take it out of its YAML") from None
    except UnicodeDecodeError:
        raise StrataError(f"{file} is not UTF-8: save it as CSV UTF-8") from None
    except csv.Error as error:
        raise StrataError(f"{file} is no CSV file: {error}") from None
    missing = [column for column in types if column not in header]
    if missing:
        raise StrataError(f"{file}:1: column {', '.join(missing)} is missing: add it to the header")
    described = {column: str(note.get("description", "")) for column, note in notes.items()}
    return Seed(name, folder, file, types, described, tuple(tests), header, rows, misfits)


def _rows(
    file: str, reader: Any
) -> tuple[tuple[str, ...], tuple[Row, ...], tuple[tuple[Row, int], ...]]:
    header: tuple[str, ...] = tuple(next(reader, []))
    rows: list[Row] = []
    misfits: list[tuple[Row, int]] = []
    line = reader.line_num + 1
    for cells in reader:
        row = Row(file, line, dict(zip(header, cells, strict=False)))
        line = reader.line_num + 1
        if not cells:
            continue
        if len(cells) == len(header):
            rows.append(row)
        else:
            misfits.append((row, len(cells)))
    return header, tuple(rows), tuple(misfits)


def _tests(node: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for test in node.get("data_tests", []):
        kind, content = (test, {}) if isinstance(test, str) else next(iter(test.items()))
        yield kind, {"column_name": node["name"]} | dict(content.get("arguments", {}))
