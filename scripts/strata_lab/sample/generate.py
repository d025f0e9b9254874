"""Makes the sample company: raw files as its systems export them, and the truth about them."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import duckdb

from strata.errors import StrataError
from strata.project import project_dir
from strata.sql import quoted
from strata_lab.sample.faults import collect, exported, plant, thin
from strata_lab.sample.planted import PLANTED
from strata_lab.sample.pools import Row, goods_pool, place_pool, text_pools, word_pool
from strata_lab.sample.steps import steps

# Answers to playbooks (feedback_playbook_outcomes) come only after a build has made actions.
RAW_TABLES = (
    "erp_orders",
    "erp_order_lines",
    "erp_refunds",
    "erp_products",
    "erp_customers",
    *PLANTED,
)
TRUTH_TABLES = (
    "customers",
    "records",
    "leads",
    "system_records",
    "faults",
    "ignored",
    "canaries",
)
MAX_CUSTOMERS = 10_000_000
DAYS = 1096


@dataclass(frozen=True)
class SampleOptions:
    """Options of the sample; the same options give the same bytes."""

    customers: int = 5000
    seed: int = 1
    end: date = date(2026, 10, 31)
    file_format: str = "parquet"
    every_fault: bool = False  # three rows of each kind, however small their table

    def check(self) -> None:
        """Raise StrataError for an option that cannot work."""
        if not 1 <= self.customers <= MAX_CUSTOMERS:
            raise StrataError(
                f"--customers {self.customers}: give a number from 1 to {MAX_CUSTOMERS:,}"
            )
        if not 2000 <= self.end.year <= 2098:
            raise StrataError(f"--end {self.end}: give a date from 2000 to 2098")


@dataclass(frozen=True)
class SampleFile:
    """A file made; `path` is relative to the output folder."""

    path: str
    rows: int
    bytes: int
    sha256: str


def make_sample(
    options: SampleOptions,
    out: Path,
    *,
    threads: int | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> list[SampleFile]:
    """Make the company and write `out`/raw and `out`/truth; return the files in that order.

    Args:
        options: size, seed, last business date and format of the raw files.
        out: output folder, made if missing. Files that an earlier run made are replaced.
        threads: DuckDB threads, all cores if None; the result does not depend on it.
        report: receives one line per finished step.

    Raises:
        StrataError: an option that cannot work, a folder that cannot be written, or a file of the
            same table in `out`/raw that this command did not make.
    """
    options.check()
    try:
        for folder in (out / "raw", out / "truth"):
            folder.mkdir(parents=True, exist_ok=True)
        own_hashes = _own_hashes(out)
        old_files = _old_files(out, own_hashes)
        with tempfile.TemporaryDirectory(prefix=".sample-", dir=out) as scratch:
            made = _make_in(Path(scratch), options, threads, report)
            _write_manifest(out, options, own_hashes | {file.sha256 for file in made})
            for file in made:
                os.replace(Path(scratch) / Path(file.path).name, out / file.path)
        for path in old_files - {out / file.path for file in made}:
            path.unlink()
        _write_manifest(out, options, {file.sha256 for file in made})
    except (OSError, duckdb.IOException) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error).splitlines()[0]
        raise StrataError(
            f"cannot write the sample to {out}: {reason}; give another folder with --out"
        ) from error
    return made


def _make_in(
    folder: Path, options: SampleOptions, threads: int | None, report: Callable[[str], None]
) -> list[SampleFile]:
    """Build every table and write its file into `folder`."""
    connection = duckdb.connect()
    try:
        connection.execute("set temp_directory = ?", [str(folder / "spill")])
        connection.execute("set memory_limit = ?", [os.environ.get("STRATA_MEMORY_LIMIT", "6GB")])
        if threads is not None:
            connection.execute(f"set threads = {int(threads)}")
        first_date = options.end - timedelta(days=DAYS - 1)
        for name, value in (
            ("customers", options.customers),
            ("seed", options.seed),
            ("first_date", first_date),
            ("last_date", options.end),
        ):
            connection.execute(f"set variable {name} = ?", [value])
        _load_pools(connection)
        _load_exchange_rates(connection)
        connection.execute(
            "create table truth_ignored "
            "(source_table varchar, record_key varchar, ignored_value varchar, kind varchar)"
        )
        macros = files("strata_lab.sample").joinpath("macros.sql")
        connection.execute(macros.read_text(encoding="utf-8"))
        for step, sql in steps().items():
            connection.execute(sql)
            if step in PLANTED:
                plant(connection, step)
            if step in RAW_TABLES:
                report(f"made {step}")
        if not options.every_fault:
            thin(connection, RAW_TABLES)
        collect(connection, RAW_TABLES)
        # One thread writes, so that the bytes do not depend on how threads share the work.
        connection.execute("set threads = 1")
        made = [_write(connection, folder, "raw", name, options.file_format) for name in RAW_TABLES]
        made += [_write(connection, folder, "truth", name, "parquet") for name in TRUTH_TABLES]
    finally:
        connection.close()
    return made


def _load_pools(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the words that names, places and goods are made of."""
    _load(
        connection,
        "word_pool (country varchar, kind varchar, position bigint, value varchar, "
        "ascii_value varchar)",
        word_pool(),
    )
    _load(
        connection,
        "place_pool (country varchar, position bigint, city varchar, province varchar, "
        "area_code varchar, postcode_start varchar, tax_region varchar)",
        place_pool(),
    )
    _load(
        connection,
        "goods_pool (product_no bigint, product_name varchar, category varchar, buyers varchar, "
        "list_price double)",
        goods_pool(),
    )
    for name, (columns, *rows) in text_pools().items():
        _load(connection, f"{name} ({', '.join(f'{column} varchar' for column in columns)})", rows)


def _load_exchange_rates(connection: duckdb.DuckDBPyConnection) -> None:
    """Load the project's exchange rates, at which the truth is told in CNY."""
    path = project_dir() / "seeds" / "reference" / "exchange_rates.csv"
    if not path.is_file():
        raise StrataError(f"{path} is missing: the truth about revenue in CNY needs it")
    connection.execute(
        f"""
        create table exchange_rates as
        from read_csv({quoted(path)}, header = true, columns = {{
            'currency_code': 'varchar', 'base_currency': 'varchar',
            'valid_from_date': 'date', 'exchange_rate': 'decimal(18, 4)'
        }})
        """
    )


def _load(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    connection.execute(f"create table {table}")
    name = table.split(" ")[0]
    fields = ", ".join(f"field[{position + 1}]" for position in range(len(rows[0])))
    connection.execute(
        f"insert into {name} select {fields} "
        """from (select unnest(from_json(?, '[["varchar"]]')) as field)""",
        [json.dumps(rows)],
    )


def _write(
    connection: duckdb.DuckDBPyConnection, folder: Path, kind: str, name: str, file_format: str
) -> SampleFile:
    """Write one table in a fixed order; return what was written."""
    table = name if kind == "raw" else f"truth_{name}"
    path = folder / f"{name}.{file_format}"
    layout = "format csv, header" if file_format == "csv" else "format parquet, compression zstd"
    columns = ", ".join(exported(connection, table) if kind == "raw" else ["*"])
    connection.execute(
        f"copy (select {columns} from {table} order by all) to {quoted(path)} ({layout})"
    )
    counted = connection.execute(f"select count(*) from {table}").fetchone()
    assert counted is not None
    return SampleFile(
        path=f"{kind}/{path.name}",
        rows=counted[0],
        bytes=path.stat().st_size,
        sha256=_sha256(path),
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _old_files(out: Path, own_hashes: set[str]) -> set[Path]:
    """Return the files in the way, all of them made by this command.

    Raises:
        StrataError: if one was not; a company's own exports are never overwritten.
    """
    found = {
        path
        for name in RAW_TABLES
        for suffix in ("parquet", "csv", "xlsx")
        if (path := out / "raw" / f"{name}.{suffix}").exists()
    }
    for path in sorted(found):
        if _sha256(path) not in own_hashes:
            raise StrataError(
                f"{path} was not made by `strata data sample`, or was changed since; "
                "move it away, or give another folder with --out"
            )
    return found


def _own_hashes(out: Path) -> set[str]:
    """Return the hashes of the files that the last run wrote, from its manifest."""
    manifest = out / "truth" / "sample.json"
    try:
        return set(json.loads(manifest.read_text(encoding="utf-8"))["sha256"])
    except FileNotFoundError:
        return set()
    except (ValueError, KeyError, TypeError):
        raise StrataError(f"{manifest} is not readable; delete it and {out / 'raw'}") from None


def _write_manifest(out: Path, options: SampleOptions, hashes: set[str]) -> None:
    """Note what is in the folder, so that a later run knows its own files."""
    content = {
        "options": {**asdict(options), "end": options.end.isoformat()},
        "sha256": sorted(hashes),
    }
    path = out / "truth" / "sample.json"
    temporary = path.with_suffix(".json.tmp")
    temporary.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    os.replace(temporary, path)
