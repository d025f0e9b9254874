"""The seeds: their CSV files, what their YAML declares, and a company's own rows on top of them.

A company's file `policy/rules.csv` changes rows of the shipped `seeds/policy/rules.csv` by key: its
column `change` says add, override or off.
"""

from __future__ import annotations

import csv
import difflib
import re
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from strata.errors import StrataError
from strata.yaml_file import read_yaml

# Folders of seeds; those that the lint judges; those that it reads.
FOLDERS = ("policy", "playbooks", "identity", "reference")
JUDGED = ("policy", "playbooks")
READ = (*JUDGED, "reference")
# Seeds with names of people, which a release keeps to its owner.
PRIVATE_SEEDS = ("owners.csv", "identity_overrides.csv")
# Column of a company's file, what it may say, and the cell that empties what is overridden.
CHANGE = "change"
ADD, OVERRIDE, OFF = CHANGES = ("add", "override", "off")
EMPTY = "(empty)"
# A file that somebody meant as a seed.
LIKE_CSV = re.compile(r"\.(csv|tsv|xlsx?|ods)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One row of a seed; `line` is the line of the file on which it begins, the header being 1."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """Return a cell, empty if the file lacks the column."""
        return self.cells.get(column, "")

    @property
    def own_places(self) -> list[str]:
        """Its file and line if a company wrote it, else nothing."""
        return [] if self.file.startswith("seeds/") else [f"{self.file}:{self.line}"]


@dataclass(frozen=True)
class Seed:
    """A seed: what its YAML declares and the rows of its file.

    `key` are the columns that tell its rows apart; `types` and `notes` are the types and
    descriptions of its columns; `tests` are the kind and arguments of its generic data tests;
    `misfits` are rows with more or fewer cells than the header, and how many they have.
    """

    name: str
    folder: str
    file: str
    key: tuple[str, ...]
    types: dict[str, str]
    notes: dict[str, str]
    tests: tuple[tuple[str, dict[str, Any]], ...]
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    misfits: tuple[tuple[Row, int], ...] = field(default=())

    @property
    def own_file(self) -> str:
        """The company's file, below its folder, that changes rows of this seed."""
        return f"{self.folder}/{self.name}.csv"


def keep_seeds(project: Path, company: Path | None, release: Path) -> None:
    """Copy the shipped seeds and a company's own rows into the folder of a release."""
    for origin, target in ((project / "seeds", "seeds"), (company, "company")):
        for folder in FOLDERS:
            if origin is not None and (origin / folder).is_dir():
                shutil.copytree(
                    origin / folder,
                    release / target / folder,
                    copy_function=shutil.copyfile,  # with the mode of a new file
                )


def read_seeds(
    project: Path,
    company: Path | None = None,
    folders: tuple[str, ...] = READ,
    without: Collection[str] = (),
) -> dict[str, Seed]:
    """Return seeds by name: those of a project, changed by the rows of a company's folder.

    Files named in `without` are not opened.

    Raises:
        StrataError: a file is missing, is not UTF-8, lacks a declared column, or changes a row that
            there is not.
    """
    seeds: dict[str, Seed] = {}
    for folder in folders:
        for path in sorted((project / "seeds" / folder).glob("*.yml")):
            for declared in (read_yaml(path) or {}).get("seeds", []):
                if f"{declared['name']}.csv" not in without:
                    seed = _read(project, folder, declared)
                    seeds[seed.name] = seed if company is None else _changed(seed, company)
        if company is not None:
            _refuse_unknown(company / folder, folder, seeds, without)
    return seeds


def _read(project: Path, folder: str, declared: dict[str, Any]) -> Seed:
    name = declared["name"]
    config = declared.get("config", {})
    types = config.get("column_types", {})
    notes = {column["name"]: column for column in declared.get("columns", [])}
    tests = [test for node in (declared, *notes.values()) for test in _tests(node)]
    file = f"seeds/{folder}/{name}.csv"
    try:
        header, rows, misfits = _rows(project / file, file)
    except FileNotFoundError:
        raise StrataError(f"{file} is missing: restore it, or take it out of its YAML") from None
    missing = [column for column in types if column not in header]
    if missing:
        raise StrataError(f"{file}:1: column {', '.join(missing)} is missing: add it to the header")
    described = {column: str(note.get("description", "")) for column, note in notes.items()}
    key = tuple(config.get("meta", {}).get("key", ()))
    return Seed(name, folder, file, key, types, described, tuple(tests), header, rows, misfits)


def _changed(seed: Seed, company: Path) -> Seed:
    """Return a seed with the changes of a company's file of the same name, if there is one."""
    file = seed.own_file
    try:
        header, rows, misfits = _rows(company / file, file)
    except FileNotFoundError:
        if (company / file).is_symlink():
            raise StrataError(f"{file} leads nowhere: mend the link, or delete it") from None
        return seed
    rows = tuple(row for row in rows if any(row.cells.values()))  # Excel keeps empty ones
    if len(header) == 1 and (mark := next((mark for mark in ";\t|" if mark in header[0]), None)):
        raise StrataError(f"{file}:1: '{mark}' stands between the cells: save it with commas")
    for column in (CHANGE, *seed.key):
        if rows and column not in header:
            raise StrataError(
                f"{file}:1: column {column} is missing: add it to the header, which has "
                f"{', '.join(header)}"
            )
    for column in header:
        if header.count(column) > 1 or not column:
            fault = f"column {column} stands twice" if column else "a column has no name"
            raise StrataError(f"{file}:1: {fault}: take it out of the header and the rows")
        if column != CHANGE and column not in seed.header:
            raise StrataError(
                f"{file}:1: there is no column {column} in {seed.file}: take it out; there are "
                f"{', '.join(seed.header)}"
            )
    for row, cells in misfits:
        raise StrataError(
            f"{file}:{row.line}: {cells} cells under a header of {len(header)}: correct the row"
        )
    kept = {_key(seed, row): row for row in seed.rows}
    said: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key, change = _key(seed, row), row[CHANGE]
        name, place = "/".join(key), f"{file}:{row.line}"
        if change not in CHANGES:
            raise StrataError(f"{place}: {name}: change is '{change}': write {_listed(CHANGES)}")
        if key in said:
            raise StrataError(
                f"{place}: {name}: line {said[key].line} has the same {', '.join(seed.key)}: "
                "keep one of the two"
            )
        if change == ADD and key in kept:
            raise StrataError(f"{place}: {name}: {seed.file} has that row already: write override")
        if change != ADD and key not in kept:
            close = difflib.get_close_matches(name, map("/".join, kept), n=1)
            raise StrataError(
                f"{place}: {name}: {seed.file} has no such row (any more): delete the line, write "
                f"add, or correct its key{', perhaps to ' + close[0] if close else ''}"
            )
        said[key] = row
        if change == OFF:
            del kept[key]
        else:
            kept[key] = _row(seed, row, kept.get(key))
    return replace(seed, rows=tuple(kept.values()))


def _row(seed: Seed, row: Row, shipped: Row | None) -> Row:
    """Return an added row, or an overridden one, which keeps the cells that are left empty."""
    cells = {}
    for column in seed.header:
        text = row[column] or (shipped[column] if shipped else "")
        cells[column] = "" if text == EMPTY else text
    return replace(row, cells=cells)


def _key(seed: Seed, row: Row) -> tuple[str, ...]:
    return tuple(row[column] for column in seed.key)


def _refuse_unknown(
    folder: Path, name: str, seeds: dict[str, Seed], without: Collection[str]
) -> None:
    known = [f"{seed.name}.csv" for seed in seeds.values() if seed.folder == name]
    for path in sorted(folder.rglob("*")):
        file = str(path.relative_to(folder))
        if LIKE_CSV.search(file) and file not in (*known, *without):
            raise StrataError(
                f"{name}/{file}: there is no seed of that name: rename the file; there are "
                f"{', '.join(known)}"
            )


def _listed(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _rows(
    path: Path, file: str
) -> tuple[tuple[str, ...], tuple[Row, ...], tuple[tuple[Row, int], ...]]:
    """Return the header and rows of a CSV file, which messages call `file`."""
    rows: list[Row] = []
    misfits: list[tuple[Row, int]] = []
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, strict=True)
            header: tuple[str, ...] = tuple(next(reader, []))
            line = reader.line_num + 1
            for cells in reader:
                row = Row(file, line, dict(zip(header, cells, strict=False)))
                line = reader.line_num + 1
                if len(cells) == len(header):
                    rows.append(row)
                elif cells:
                    misfits.append((row, len(cells)))
    except UnicodeDecodeError:
        raise StrataError(f"{file} is not UTF-8: save it as CSV UTF-8") from None
    except csv.Error as error:
        fix = "write a double quote in a cell twice, and put the cell between double quotes"
        raise StrataError(f"{file}:{line}: no row of a CSV file: {error}: {fix}") from None
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise StrataError(f"cannot read {file}: {error.strerror}: put a CSV file there") from None
    return header, tuple(rows), tuple(misfits)


def _tests(node: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for test in node.get("data_tests", []):
        kind, content = (test, {}) if isinstance(test, str) else next(iter(test.items()))
        yield kind, {"column_name": node["name"]} | dict(content.get("arguments", {}))
