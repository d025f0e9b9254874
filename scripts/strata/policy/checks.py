"""The data tests of the seeds, run over the CSV files without dbt or a warehouse.

`dbt build` runs the same files, tests/data/seeds/*.sql, over the seeds as it has loaded them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
from jinja2 import Environment, StrictUndefined

from strata.errors import StrataError
from strata.policy.findings import ERROR, WARNING, Finding, at, line_seen_from, subject
from strata.policy.judgements import Judgements
from strata.seeds import Row, Seed
from strata.sql import identifier, named_rows

# The macro that the tests and dbt share.
FINDING = Path("macros/policy/finding.sql")
# Functions of the engine that they call.
ENGINE = {"seed_rows": "{}", "matches_pattern": "regexp_matches({}, {})"}
# The place of the first row of a seed, the header being 1.
FIRST = 2


def check_seeds(judgements: Judgements, folder: Path) -> Iterator[Finding]:
    """Yield the rows that the tests in a folder return.

    Raises:
        StrataError: the folder has no tests.
    """
    tests = sorted(folder.glob("*.sql"))
    if not tests:
        raise StrataError(f"no data tests of the seeds in {folder}: restore that folder")
    with duckdb.connect(config={"threads": 1}) as connection:
        for seed in judgements.seeds.values():
            _load(connection, seed)
            for kind, arguments in seed.tests:
                if kind == "expression_is_true":
                    yield from _untrue(connection, seed, arguments["expression"])
        for path in tests:
            yield from _findings(connection, judgements, path)


def _load(connection: duckdb.DuckDBPyConnection, seed: Seed) -> None:
    """Create a table of a seed; a cell that does not fit its type is null.

    Its column `line` is the place of a row, as in dbt: rows of a company come from another file.
    """
    columns = [
        f"try_cast(unnest(${number}::varchar[]) as {kind}) as {identifier(name)}"
        for number, (name, kind) in enumerate(seed.types.items(), start=2)
    ]
    cells = [[row[column] or None for row in seed.rows] for column in seed.types]
    connection.execute(
        f"create table {identifier(seed.name)} as select unnest($1::bigint[]) as line, "
        + ", ".join(columns),
        [[*range(FIRST, FIRST + len(seed.rows))], *cells],
    )


def _untrue(
    connection: duckdb.DuckDBPyConnection, seed: Seed, expression: str
) -> Iterator[Finding]:
    table = identifier(seed.name)
    query = f"select line from {table} where not coalesce({expression}, false)"
    for (line,) in connection.execute(query).fetchall():
        row = seed.rows[line - FIRST]
        yield at(row, "expression", subject(seed.name, row), value=expression)


def _findings(
    connection: duckdb.DuckDBPyConnection, judgements: Judgements, path: Path
) -> Iterator[Finding]:
    config: dict[str, Any] = {}

    def configured(**options: Any) -> str:
        config.update(options)
        return ""

    environment = Environment(undefined=StrictUndefined)
    finding = (path.parents[3] / FINDING).read_text(encoding="utf-8")
    environment.globals.update(
        config=configured,
        ref=identifier,
        var=lambda name: judgements.variables.get(name, ""),
        finding=environment.from_string(finding).module.finding,  # type: ignore[attr-defined]
        engine=lambda name, *arguments: ENGINE[name].format(*arguments),
        dbt=SimpleNamespace(safe_cast="try_cast({} as {})".format),
    )
    query = environment.from_string(path.read_text(encoding="utf-8")).render()
    for row in named_rows(connection, query):
        place = {name: row.pop(name) for name in ("seed", "line", "subject", "problem")}
        seed = judgements.seeds[place["seed"]]
        at_row = seed.rows[place["line"] - FIRST] if place["line"] else Row(seed.file, 1, {})
        if row["other_line"]:
            row["other_line"] = line_seen_from(at_row, seed.rows[row["other_line"] - FIRST])
        yield Finding(
            at_row.file,
            at_row.line,
            WARNING if config.get("severity") == "warn" else ERROR,
            place["subject"] or "?",
            place["problem"],
            tuple((name, "" if value is None else value) for name, value in row.items()),
        )
