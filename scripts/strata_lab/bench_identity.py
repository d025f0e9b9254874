"""Times the resolver on made records, against one pass that reads and hashes the same records."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from strata.intake.files import open_file
from strata.sql import identifier, quoted
from strata_lab.bench import (
    BARE_RUNS,
    LAST_DATE,
    connect,
    new_folder,
    read_sql,
    run_models,
    set_variables,
)
from strata_lab.pair_metrics import Quality, measure
from strata_lab.run_timings import slowest, span, stages

MODELS = ["customer_identity_map", "blocked_identifier_values"]
# Raw table -> its columns that hold something, by the columns of benchmark_records.
PERSON = {"email": "email", "phone": "phone"}
TABLES = {
    "erp_customers": {
        "customer_code": "number",
        "customer_name": "customer_name",
        "customer_type": "customer_type",
        "tax_id": "tax_id",
        "birth_date": "birth_date",
        "address": "address",
        "city": "city",
        "postcode": "postcode",
        **PERSON,
    },
    "crm_accounts": {
        "account_id": "number",
        "account_name": "customer_name",
        "tax_id": "tax_id",
        "city": "city",
    },
    "crm_contacts": {
        "contact_id": "number",
        "full_name": "customer_name",
        "birth_date": "birth_date",
        "city": "city",
        **PERSON,
    },
    "marketing_subscribers": {
        "subscriber_id": "number",
        "full_name": "customer_name",
        "city": "city",
        **PERSON,
    },
    "product_users": {"user_id": "number", **PERSON},
}
PREFIXES = {
    "erp_customers": "erp:",
    "crm_accounts": "crm:accounts:",
    "crm_contacts": "crm:contacts:",
    "marketing_subscribers": "marketing:subscribers:",
    "product_users": "product:users:",
}


@dataclass(frozen=True)
class IdentityBenchReport:
    """Figures of one benchmark; sizes in bytes, times in seconds.

    `seconds` runs from the first model to the last, staging and all; `stage_seconds` adds up the
    models of a stage. `ratio` is `seconds` by the median of `bare_seconds`.
    """

    records: int
    customers: int
    largest_cluster: int
    pairwise: Quality
    seconds: float
    stage_seconds: dict[str, float]
    slowest_nodes: list[dict[str, object]]
    peak_memory_bytes: int
    bare_seconds: list[float]
    ratio: float

    def as_json(self) -> dict[str, object]:
        """Return the figures as one JSON object."""
        return asdict(self)

    def as_text(self) -> str:
        """Return the figures as lines for people."""
        bare = statistics.median(self.bare_seconds)
        lines = [
            f"{self.records:,} records, {self.customers:,} customers, "
            f"the largest of {self.largest_cluster:,} records",
            f"pairwise precision {self.pairwise.precision:.4f}, recall {self.pairwise.recall:.4f}",
            f"resolver         {self.seconds:9.1f} s",
            *(f"  {name:14} {seconds:9.1f} s" for name, seconds in self.stage_seconds.items()),
            "slowest models",
            *(f"  {node['seconds']:9.2f} s  {node['name']}" for node in self.slowest_nodes),
            f"peak memory      {self.peak_memory_bytes / 1e9:9.2f} GB",
            f"read and hash    {bare:9.2f} s  (median of {len(self.bare_seconds)})",
            f"resolver         {self.seconds:9.2f} s  ({self.ratio:.1f} times)",
        ]
        return "\n".join(lines)


def run(
    project: Path,
    records: int,
    keep: Path | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> IdentityBenchReport:
    """Measure; files go to `keep`, or to a temporary folder that is removed.

    Raises:
        BuildFailed: a model failed.
    """
    with new_folder(keep) as folder:
        tell("making the records")
        make_records(folder / "raw", folder / "truth.parquet", records)
        tell("resolving them")
        nodes, memory = run_models(project, folder, "identity", MODELS, LAST_DATE)
        tell("reading and hashing them")
        bare_seconds = [_bare(folder) for _ in range(BARE_RUNS)]
        with connect(folder / "tmp") as connection:
            connection.execute(
                f"attach {quoted(folder / 'identity' / 'build.duckdb')} as build (read_only)"
            )
            connection.execute(
                "create temp table resolved as select record_key, customer_id, true_entity_id"
                f" from read_parquet({quoted(folder / 'truth.parquet')})"
                " inner join build.main.customer_identity_map using (record_key)"
            )
            figures = measure(
                connection,
                resolved="resolved",
                edges="build.intermediate.int_identity__edges",
                rules="build.policy.match_rules",
            )
        seconds = span(nodes)
        return IdentityBenchReport(
            records=figures.records,
            customers=figures.customers,
            largest_cluster=figures.largest_cluster,
            pairwise=figures.pairwise,
            seconds=seconds,
            stage_seconds=_used(stages(nodes)),
            slowest_nodes=slowest(nodes),
            peak_memory_bytes=memory,
            bare_seconds=bare_seconds,
            ratio=seconds / statistics.median(bare_seconds),
        )


def make_records(raw: Path, truth: Path, records: int) -> None:
    """Write that many records as raw files, no orders, and whose they are.

    `truth` gets record_key and true_entity_id.
    """
    raw.mkdir(parents=True)
    with connect(raw.parent / "tmp") as connection:
        set_variables(connection, records=records)
        connection.execute(read_sql("bench_identity.sql"))
        connection.execute("create temp table made as from benchmark_records")
        for table, columns in TABLES.items():
            selected = ", ".join(f"{source} as {name}" for name, source in columns.items())
            connection.execute(
                f"copy (select {selected} from made where table_name = {quoted(table)})"
                f" to {quoted(raw / f'{table}.parquet')} (format parquet)"
            )
        connection.execute(
            "copy (select '' as order_id, '' as customer_code, '' as ordered_at where false)"
            f" to {quoted(raw / 'erp_orders.parquet')} (format parquet)"
        )
        prefix = " ".join(f"when {quoted(k)} then {quoted(v)}" for k, v in PREFIXES.items())
        connection.execute(
            f"copy (select case table_name {prefix} end || number as record_key,"
            " cast(entity as varchar) as true_entity_id from made)"
            f" to {quoted(truth)} (format parquet)"
        )


def _bare(folder: Path) -> float:
    """Read every record once, normalise each text in plain SQL and hash it; return seconds."""
    with connect(folder / "tmp") as connection:
        started = time.monotonic()
        for table in TABLES:
            source = open_file(connection, folder / "raw" / f"{table}.parquet")
            texts = ", ".join(
                f"lower(trim(nfc_normalize(cast({identifier(name)} as varchar))))"
                for name in source.columns
            )
            connection.execute(f"select bit_xor(hash({texts})) from {source.relation}").fetchall()
        return time.monotonic() - started


def _used(seconds: dict[str, float]) -> dict[str, float]:
    return {stage: value for stage, value in seconds.items() if value}
