"""Resolves a labelled file through the project's own models and compares them with the truth.

The records that count are those that the mapping makes of the file as `erp_customers`; the truth is
never among what the resolver reads.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from strata.errors import StrataError
from strata.intake.importing import import_files
from strata.intake.mapping import match_inputs, read_mapping
from strata.sql import quoted
from strata_lab import pair_metrics
from strata_lab.compiled import compile_models
from strata_lab.ground_truth import Labels, write_labels

RECORDS = "erp_customers"
PROBABLE_PAIRS = "model_identity_pairs"
TARGETS = (
    "customer_identity_map",
    "blocked_identifier_values",
)
# The day that the resolver believes it is. Fixed, so that a file gives the same figures every day;
# late, so that no date of a labelled file lies in the future.
AS_OF = "2099-12-31"
RESOLVED = """
    create or replace temp table resolved_labels as
    select
        labels.record_key,
        coalesce(identity_map.customer_id, 'rejected ' || labels.record_key) as customer_id,
        labels.true_entity_id,
        identity_map.customer_id is null as is_rejected
    from read_parquet({labels}) as labels
    left join main.customer_identity_map as identity_map
        on labels.record_key = identity_map.record_key
"""


@dataclass(frozen=True)
class IdentityReport:
    """Figures of one labelled file.

    `rejected_records` are those that staging refused, which stay alone; `left_out_rows` are rows of
    the input of which the mapping makes no record. `blocked_values` counts the values that were not
    trusted, by reason; `probable_pairs` those that the model scored, None without `--match`.
    """

    figures: pair_metrics.Figures
    rejected_records: int
    left_out_rows: int
    blocked_values: dict[str, int]
    probable_pairs: int

    def as_json(self) -> dict[str, object]:
        """Return the figures as one JSON object."""
        figures = asdict(self.figures)
        first = figures.pop("first_false")
        by_rule = figures.pop("false_pairs_by_rule")
        names = ("left_record_id", "right_record_id", "rule_key")
        return {
            **figures,
            "false_merges_by_rule": by_rule,
            "false_merges": [dict(zip(names, map(_bare, pair), strict=True)) for pair in first],
            "rejected_records": self.rejected_records,
            "left_out_rows": self.left_out_rows,
            "blocked_values": self.blocked_values,
            "probable_pairs": self.probable_pairs,
        }

    def as_text(self) -> str:
        """Return the figures as lines for people."""
        figures = self.figures
        lines = [
            f"{figures.records:,} records, {figures.customers:,} customers, "
            f"the largest of {figures.largest_cluster:,} records",
            f"{figures.true_pairs:,} true pairs, {figures.joined_pairs:,} joined, "
            f"{figures.found_pairs:,} of them true",
            f"{'':10}{'precision':>10}{'recall':>10}{'F1':>10}",
        ]
        for name, quality in (("pairwise", figures.pairwise), ("B-cubed", figures.b_cubed)):
            values = (quality.precision, quality.recall, quality.f1)
            lines.append(f"{name:10}" + "".join(f"{value:10.4f}" for value in values))
        counts = {
            "rows that the mapping leaves out": self.left_out_rows,
            "records that staging rejects": self.rejected_records,
            "probable pairs scored": self.probable_pairs,
            **{f"values blocked, {why}": count for why, count in self.blocked_values.items()},
        }
        lines += [f"{name:40}{count:10,}" for name, count in counts.items() if count]
        if figures.false_pairs_by_rule:
            lines += ["", "false pairs by rule"]
            lines += [f"  {rule:38}{n:10,}" for rule, n in figures.false_pairs_by_rule.items()]
        if figures.first_false:
            lines += ["", f"the first {len(figures.first_false)} that a rule joined wrongly"]
            lines += [
                f"  {_bare(left)}  {_bare(right)}  {rule}"
                for left, right, rule in figures.first_false
            ]
        return "\n".join(lines)


def evaluate(
    mapping: Path,
    inputs: tuple[str, ...],
    *,
    truth: Path | None = None,
    truth_column: str | None = None,
    match: bool = False,
    seed: int = 1,
    tell: Callable[[str], None] = lambda line: None,
) -> IdentityReport:
    """Resolve a labelled file and measure the result; the parameters are those of `resolve`."""
    resolution = resolve(
        mapping,
        inputs,
        truth=truth,
        truth_column=truth_column,
        match=match,
        seed=seed,
        tell=tell,
    )
    with resolution as (connection, labels):
        return measure(connection, labels)


@contextmanager
def resolve(
    mapping: Path,
    inputs: tuple[str, ...],
    *,
    truth: Path | None = None,
    truth_column: str | None = None,
    match: bool = False,
    seed: int = 1,
    tell: Callable[[str], None] = lambda line: None,
) -> Iterator[tuple[duckdb.DuckDBPyConnection, Labels]]:
    """Resolve a labelled file; give a database with the models and `resolved_labels`.

    `resolved_labels` has one row per labelled record: record_key, customer_id, true_entity_id and
    is_rejected.

    Args:
        mapping: mapping folder that makes `erp_customers`.
        inputs: values of `--input`, as in `strata data import`.
        truth: file with record_id and true_entity_id; either this or `truth_column`.
        truth_column: column of the input, which the resolver never sees.
        match: score probable pairs after the first pass and resolve again with them.
        seed: of the scoring.
        tell: gets a line for each step.

    Raises:
        StrataError: the options, the mapping, the file or its truth do not fit together.
    """
    if (truth is None) == (truth_column is None):
        raise StrataError("give either --truth FILE or --truth-column NAME")
    declared = read_mapping(mapping)
    if RECORDS not in declared.tables:
        raise StrataError(
            f"{mapping}: makes no {RECORDS}, which is what `evaluate identity` resolves; add "
            f"{RECORDS}.sql"
        )
    with tempfile.TemporaryDirectory(prefix="strata-evaluate-") as name:
        folder = Path(name)
        raw = folder / "raw"
        labels = folder / "labels.parquet"
        files = match_inputs(declared, inputs)
        import_files(mapping, inputs, raw, hidden=truth_column)
        read = write_labels(
            labels,
            raw / f"{RECORDS}.parquet",
            declared,
            files,
            truth=truth,
            truth_column=truth_column,
        )
        tell("compiling the models")
        models = compile_models(*TARGETS, as_of=AS_OF)
        tell(f"resolving {read.records:,} records")
        connection = models.run(raw.iterdir(), threads=2)
        try:
            if match:
                tell("scoring probable pairs")
                _score(connection, raw, seed)
                connection.close()
                tell("resolving again")
                connection = models.run(raw.iterdir(), threads=2)
            connection.execute(RESOLVED.format(labels=quoted(labels)))
            yield connection, read
        finally:
            connection.close()


def measure(connection: duckdb.DuckDBPyConnection, labels: Labels) -> IdentityReport:
    """Measure what `resolve` gave."""
    figures = pair_metrics.measure(
        connection,
        resolved="resolved_labels",
        edges="intermediate.int_identity__edges",
        rules="policy.match_rules",
    )
    counts = connection.execute(
        "select (select count(*) from resolved_labels where is_rejected),"
        f" (select count(*) from raw.{PROBABLE_PAIRS})"
    ).fetchall()[0]
    blocked = connection.execute(
        "select blocked_reason, count(*) from restricted.blocked_identifier_values"
        " group by blocked_reason order by blocked_reason"
    ).fetchall()
    return IdentityReport(
        figures=figures,
        rejected_records=int(counts[0]),
        left_out_rows=labels.left_out_rows,
        blocked_values=dict(blocked),
        probable_pairs=int(counts[1]),
    )


def _score(connection: duckdb.DuckDBPyConnection, raw: Path, seed: int) -> None:
    """Write the raw file that `strata model match` would write."""
    from strata.learn.match import FILE, score_pairs, write_pairs  # Splink takes seconds to load

    records = connection.table("intermediate.int_identity__normalised").to_arrow_table()
    pairs, _ = score_pairs(records, seed=seed)
    write_pairs(pairs, raw / FILE, "evaluation", datetime.fromisoformat(AS_OF))


def _bare(record_key: str) -> str:
    """Return the id that a record has in the labelled file."""
    return record_key.removeprefix("erp:")
