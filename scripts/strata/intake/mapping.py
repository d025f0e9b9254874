"""Declarations of a mapping folder.

A mapping turns an export into contract tables. It is a folder with `mapping.yml` (the inputs and
their columns), one `<contract table>.sql` for each table that it makes, and perhaps `statuses.sql`,
which says what became of every input row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from strata.errors import StrataError
from strata.intake.columns import TYPES
from strata.intake.contract import contract
from strata.intake.form import OPTIONS, Form, read_form
from strata.project import examples

FATES = "statuses"


@dataclass(frozen=True)
class InputColumn:
    """A column that the SQL may select; absent and not needed, it is a NULL of its type."""

    name: str
    data_type: str
    needed: bool
    aliases: tuple[str, ...]
    formats: tuple[str, ...]


@dataclass(frozen=True)
class Input:
    """The columns of an input file, and how it is written."""

    columns: tuple[InputColumn, ...]
    form: Form


@dataclass(frozen=True)
class Mapping:
    """A mapping folder: its inputs, and its SQL by contract table."""

    folder: Path
    description: str
    inputs: dict[str, Input]
    tables: dict[str, str]
    statuses: str | None


def read_mapping(folder: Path) -> Mapping:
    """Read a mapping folder.

    Raises StrataError if mapping.yml is missing or says something unknown, or a SQL file is named
    after no contract table.
    """
    file = folder / "mapping.yml"
    if not file.is_file():
        shipped = sorted(file.parent.name for file in examples().glob("*/mapping.yml"))
        raise StrataError(
            f"{file}: missing; name a mapping folder of your own, or an example: "
            f"{', '.join(shipped)}"
        )
    try:
        # The base loader keeps every value as text: a column may be called `No` or `on`.
        document = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise StrataError(f"{file}: not valid YAML ({' '.join(str(error).split())})") from None
    declared = document.get("inputs") if isinstance(document, dict) else None
    if not isinstance(declared, dict) or not declared:
        raise StrataError(f"{file}: `inputs` is missing; declare each input and its columns")
    inputs = {name: _read_input(f"{file}: input {name}", body) for name, body in declared.items()}
    names = [table.name for table in contract()]
    queries = {path.stem: _read_sql(path) for path in sorted(folder.glob("*.sql"))}
    statuses = queries.pop(FATES, None)
    for name in queries:
        if name not in names:
            known = ", ".join(names)
            raise StrataError(f"{folder / name}.sql: {name} is no table of the contract: {known}")
    if not queries:
        raise StrataError(f"{folder}: holds no SQL file named after a contract table")
    tables = {name: queries[name] for name in names if name in queries}
    description = " ".join(str(document.get("description", "")).split())
    return Mapping(folder, description, inputs, tables, statuses)


def match_inputs(mapping: Mapping, arguments: tuple[str, ...]) -> dict[str, Path]:
    """Return the file of each input, from the values `FILE` or `NAME=FILE` of `--input`.

    Raises StrataError if an input is unknown, given twice or not given.
    """
    files: dict[str, Path] = {}
    single = next(iter(mapping.inputs)) if len(mapping.inputs) == 1 else None
    for argument in arguments:
        name, separator, file = argument.partition("=")
        if not separator or name not in mapping.inputs:
            if single is None or (separator and not Path(argument).exists()):
                raise StrataError(
                    f"--input {argument}: {mapping.folder} takes {', '.join(mapping.inputs)}; "
                    "write --input NAME=FILE"
                )
            name, file = single, argument
        if name in files:
            raise StrataError(f"--input {argument}: input {name} is given twice")
        files[name] = Path(file)
    if missing := [name for name in mapping.inputs if name not in files]:
        raise StrataError(f"--input is missing for {', '.join(missing)}")
    return files


def _read_input(place: str, body: Any) -> Input:
    columns = body.get("columns") if isinstance(body, dict) else None
    if not isinstance(columns, dict) or not columns:
        raise StrataError(f"{place} declares no columns")
    _refuse_unknown(place, body, ("columns", "description", *OPTIONS))
    return Input(
        tuple(
            _read_column(f"{place}, column {name}", name, options or {})
            for name, options in columns.items()
        ),
        read_form(place, body),
    )


def _refuse_unknown(place: str, options: dict[str, Any], known: Iterable[str]) -> None:
    if unknown := sorted(set(options) - set(known)):
        raise StrataError(f"{place}: unknown option {', '.join(unknown)}")


def _read_column(place: str, name: str, options: Any) -> InputColumn:
    if not isinstance(options, dict):
        raise StrataError(f"{place}: write its options as {{type: text, needed: false}}")
    _refuse_unknown(place, options, ("type", "needed", "aliases", "formats"))
    data_type, needed = options.get("type", "text"), options.get("needed", "true")
    if data_type not in TYPES:
        raise StrataError(f"{place}: unknown type {data_type}; use one of {', '.join(TYPES)}")
    if needed not in ("true", "false"):
        raise StrataError(f"{place}: needed is {needed}; write true or false")
    aliases, formats = options.get("aliases", []), options.get("formats", [])
    if not isinstance(aliases, list) or not isinstance(formats, list):
        raise StrataError(f"{place}: aliases and formats are lists, as in [Name, Title]")
    return InputColumn(name, data_type, needed == "true", tuple(aliases), tuple(formats))


def _read_sql(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StrataError(f"{path}: not a readable UTF-8 file ({error})") from None
