"""Times a whole build of a made company, and its RFM path against one hand-written query."""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from strata.errors import BuildFailed, StrataError
from strata.sql import quoted
from strata_lab.child import measure
from strata_lab.run_timings import Node, read_nodes, slowest, span, stages

LAST_DATE = date(2025, 12, 31)
THREADS = 2
# Setting of `strata build` for its temporary database; the same for both sides.
COMPRESSION = "uncompressed"
BARE_RUNS = 3
DIFFERENT_SCORES = """
    select count(*)
    from main.rfm_scores as bare
    full join (
        select identity_map.source_record_id as customer_code, scores.*
        from build.main.customer_rfm_scores as scores
        inner join build.main.customer_identity_map as identity_map using (customer_id)
    ) as ours using (customer_code)
    where (
        bare.recency, bare.frequency, cast(bare.monetary as decimal(18, 4)),
        bare.recency_score, bare.frequency_score, bare.monetary_score
    ) is distinct from (
        ours.recency_value, ours.frequency_value, cast(ours.monetary_value as decimal(18, 4)),
        ours.recency_score, ours.frequency_score, ours.monetary_score
    )
"""
DIFFERENT_REJECTS = """
    select count(*)
    from main.rejected_counts as bare
    full join (
        select rejection_reason, count(*) as row_count
        from build.staging.base_erp__orders
        where row_status = 'rejected'
        group by rejection_reason
    ) as ours using (rejection_reason)
    where bare.row_count is distinct from ours.row_count
"""


@dataclass(frozen=True)
class BenchReport:
    """Figures of one benchmark; sizes in bytes, times in seconds.

    `stage_seconds` adds up the nodes of a stage, of which two run at once; `start` lies before
    the first node and `publish` after the last.
    """

    customers: int
    orders: int
    threads: int
    raw_rows: int
    build_seconds: float
    stage_seconds: dict[str, float]
    slowest_nodes: list[dict[str, object]]
    peak_memory_bytes: int
    file_bytes: dict[str, int]
    rows: dict[str, Any]
    rfm_path_seconds: float
    rfm_path_nodes: list[dict[str, object]]
    bare_seconds: list[float]
    rfm_path_ratio: float
    build_ratio: float

    def as_json(self) -> dict[str, object]:
        """Return the figures as one JSON object."""
        return asdict(self)

    def as_text(self) -> str:
        """Return the figures as lines for people."""
        bare = statistics.median(self.bare_seconds)
        lines = [
            f"{self.customers:,} customers, {self.orders:,} orders, {self.raw_rows:,} raw rows",
            f"whole build      {self.build_seconds:9.1f} s",
            *(f"  {name:14} {seconds:9.1f} s" for name, seconds in self.stage_seconds.items()),
            "slowest nodes of the build",
            *(f"  {node['seconds']:9.2f} s  {node['name']}" for node in self.slowest_nodes),
            "slowest nodes of the RFM path",
            *(f"  {node['seconds']:9.2f} s  {node['name']}" for node in self.rfm_path_nodes),
            f"peak memory      {self.peak_memory_bytes / 1e9:9.2f} GB",
            *(f"  {name:14} {size / 1e6:9.1f} MB" for name, size in self.file_bytes.items()),
            f"hand-written     {bare:9.2f} s  (median of {len(self.bare_seconds)})",
            f"RFM path         {self.rfm_path_seconds:9.2f} s  ({self.rfm_path_ratio:.1f} times)",
            f"whole build      {self.build_seconds:9.2f} s  ({self.build_ratio:.1f} times)",
        ]
        return "\n".join(lines)


def run(
    project: Path,
    customers: int,
    orders: int,
    keep: Path | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> BenchReport:
    """Measure; files go to `keep`, or to a temporary folder that is removed.

    Raises:
        BuildFailed: a build failed, or its scores differ from those of the hand-written query.
    """
    with new_folder(keep) as folder:
        tell("making the orders")
        raw_rows = make_orders(folder / "raw", customers, orders)
        tell("running strata build")
        started = time.time()
        build_seconds, memory = _build(project, folder)
        release = (folder / "warehouse" / "current").resolve()
        nodes = read_nodes(release / "target")
        tell("running the RFM path")
        path_nodes = _rfm_path(project, folder)
        tell("running the hand-written query")
        bare_seconds = [_bare(project, folder) for _ in range(BARE_RUNS)]
        _compare(folder)
        bare = statistics.median(bare_seconds)
        path_seconds = span(path_nodes)
        return BenchReport(
            customers=customers,
            orders=orders,
            threads=THREADS,
            raw_rows=raw_rows,
            build_seconds=build_seconds,
            stage_seconds=stages(nodes, started, started + build_seconds),
            slowest_nodes=slowest(nodes),
            peak_memory_bytes=memory,
            file_bytes={
                path.name: path.stat().st_size
                for path in [*(folder / "raw").iterdir(), *release.glob("*.duckdb")]
            },
            rows=json.loads((release / "release.json").read_text(encoding="utf-8"))["rows"],
            rfm_path_seconds=path_seconds,
            rfm_path_nodes=slowest(path_nodes),
            bare_seconds=bare_seconds,
            rfm_path_ratio=path_seconds / bare,
            build_ratio=build_seconds / bare,
        )


@contextmanager
def new_folder(keep: Path | None) -> Iterator[Path]:
    """Give the folder `keep`, which must be new or empty, or one that is removed afterwards."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="strata-bench-") as folder:
            yield Path(folder)
    elif keep.exists() and any(keep.iterdir()):
        raise StrataError(f"--keep {keep}: the folder is not empty")
    else:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep.resolve()


def make_orders(raw: Path, customers: int, orders: int) -> int:
    """Write `erp_orders.parquet` with that many customers and orders; return its rows."""
    raw.mkdir(parents=True)
    target = quoted(raw / "erp_orders.parquet")
    with connect(raw.parent / "tmp") as connection:
        set_variables(connection, customers=customers, orders=orders, last_date=LAST_DATE)
        connection.execute(read_sql("bench_orders.sql"))
        connection.execute(f"copy (select * from benchmark_orders) to {target} (format parquet)")
        (rows,) = connection.execute(f"select count(*) from {target}").fetchall()[0]
    return int(rows)


def _build(project: Path, folder: Path) -> tuple[float, int]:
    arguments = ["build", "--raw", str(folder / "raw"), "--out", str(folder / "warehouse")]
    arguments += ["--as-of", LAST_DATE.isoformat(), "--threads", str(THREADS)]
    code = "from strata.cli import main; main()"
    return measure([sys.executable, "-c", code, *arguments], project, folder / "build.log")


def _rfm_path(project: Path, folder: Path) -> list[Node]:
    """Run seeds, then every model up to the RFM scores at one date, in a database of its own."""
    nodes, _ = run_models(project, folder, "rfm", ["customer_rfm_scores"], LAST_DATE)
    return nodes


def run_models(
    project: Path, folder: Path, name: str, models: list[str], as_of: date
) -> tuple[list[Node], int]:
    """Run seeds, then models with all that they need, in the database `name`/build.duckdb.

    Returns:
        The models that ran, and the peak memory in bytes.
    """
    place = folder / name
    place.mkdir()
    environment = {"STRATA_DATABASE": str(place / "build.duckdb"), "DO_NOT_TRACK": "1"}
    environment["STRATA_TEMP_DIRECTORY"] = str(folder / "tmp")
    environment["STRATA_COMPRESSION"] = COMPRESSION
    variables = {"raw_data_dir": str(folder / "raw"), "as_of_date": as_of.isoformat()}
    common = ["--project-dir", str(project), "--profiles-dir", str(project)]
    common += ["--target-path", str(place / "target"), "--log-path", str(place / "logs")]
    common += ["--threads", str(THREADS), "--vars", json.dumps(variables | {"history_quarters": 0})]
    peak = 0
    for command in (["seed"], ["run", "--select", *(f"+{model}" for model in models)]):
        code = "from dbt.cli.main import cli; cli()"
        arguments = [sys.executable, "-c", code, *command, *common]
        _, memory = measure(arguments, project, folder / f"{name}.log", environment)
        peak = max(peak, memory)
    return read_nodes(place / "target"), peak


def _bare(project: Path, folder: Path) -> float:
    """Run the hand-written query on the same file with the same settings; return seconds."""
    database = folder / "bare.duckdb"
    database.unlink(missing_ok=True)
    with connect(folder / "tmp", database) as connection:
        set_variables(
            connection,
            orders_file=str(folder / "raw" / "erp_orders.parquet"),
            rates_file=str(project / "seeds" / "reference" / "exchange_rates.csv"),
            as_of_date=LAST_DATE,
        )
        started = time.monotonic()
        connection.execute(read_sql("bare_rfm.sql"))
        return time.monotonic() - started


def _compare(folder: Path) -> None:
    with connect(folder / "tmp", folder / "bare.duckdb") as connection:
        connection.execute(f"attach {quoted(folder / 'rfm' / 'build.duckdb')} (read_only)")
        for query, what in ((DIFFERENT_SCORES, "scores"), (DIFFERENT_REJECTS, "rejection counts")):
            (different,) = connection.execute(query).fetchall()[0]
            if different:
                raise BuildFailed(
                    f"{different} {what} differ between customer_rfm_scores and the hand-written "
                    "query: the two do not do the same work"
                )


def connect(temporary: Path, database: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Connect with the settings that the profile gives dbt under `strata build`."""
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": THREADS,
        "memory_limit": os.environ.get("STRATA_MEMORY_LIMIT", "8GB"),
        "temp_directory": str(temporary),
        "preserve_insertion_order": "false",
        "force_compression": COMPRESSION,
    }
    connection = duckdb.connect(str(database or ":memory:"), config=settings)
    connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
    return connection


def set_variables(connection: duckdb.DuckDBPyConnection, **variables: object) -> None:
    """Set variables that SQL reads with getvariable."""
    for name, value in variables.items():
        connection.execute(f"set variable {name} = ?", [value])


def read_sql(name: str) -> str:
    """Return the text of an SQL file of this package."""
    return files("strata_lab").joinpath(name).read_text(encoding="utf-8")
