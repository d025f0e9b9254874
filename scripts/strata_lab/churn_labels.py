"""Compares the labels of past dates with what came after, by the sample company's truth.

A label is worth something if it finds more than the plainest cut of the same size: as many
customers, taken by a single number. Both choose among the same customers, within a customer type.

Customers of a date are those who, by the release, bought in the 365 days before it or were under
contract, and who, by the truth, were not gone by then: neither lapsed or churned (unless back), nor
content with the only order they ever place and without a contract. With the last ones the cut by
recency would be worse, since they wait longest of all. A customer leaves on the day of the last
order before the silence (`lapsed_at`) or on the last day of a contract that ended for good
(`churned_at`), whichever comes first; a label is early enough if it stood on the last date before.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb

from strata.errors import StrataError
from strata.sql import quoted
from strata.warehouse.releases import Release

ACTIVE_DAYS = 365
TRUTH = {
    "customers": (
        "entity_id",
        "customer_type",
        "pattern",
        "lapsed_at",
        "returned_at",
        "last_order_date",
        "subscription",
        "churned_at",
    ),
    "records": ("customer_code", "entity_id"),
}
COUNTED = """
    with labelled as (
        select *, coalesce(lifecycle_stage_key in ({stages}), false) as is_labelled
        from judged_customers
    ),

    ranked as (
        select
            *,
            count(*) filter (is_labelled) over same_kind as size,
            row_number() over (
                same_kind order by {cut} desc nulls last, customer_id
            ) as place
        from labelled
        window same_kind as (partition by as_of_date, customer_type)
    )

    select
        as_of_date,
        customer_type,
        count(*),
        count(*) filter ({truth}),
        count(*) filter (is_labelled),
        count(*) filter (is_labelled and {truth}),
        count(*) filter (place <= size and {truth})
    from ranked
    group by cube (as_of_date, customer_type)
    order by as_of_date nulls first, customer_type nulls first
"""


@dataclass(frozen=True)
class Question:
    """A condition on the truth, the labels that should predict it, and the number of the cut."""

    name: str
    truth: str
    stages: tuple[str, ...]
    cut: str


QUESTIONS = (
    Question(
        "at risk, of those who leave before the next date",
        "leaves",
        ("at_risk",),
        "days_since_last_order",
    ),
    Question(
        "at risk or dormant, of those who leave before the next date",
        "leaves",
        ("at_risk", "dormant"),
        "days_since_last_order",
    ),
    Question(
        "growing, of those planted as growing (high potential)",
        "grows",
        ("growing",),
        "net_revenue_amount_365d",
    ),
)


@dataclass(frozen=True)
class Found:
    """Figures of a choice of customers; null where there is nothing to divide by."""

    hits: int
    precision: float | None
    recall: float | None
    f1: float | None

    @classmethod
    def of(cls, hits: int, chosen: int, wanted: int) -> Found:
        """Return the figures of `hits` among `chosen` customers, of `wanted` that there are."""
        return cls(
            hits=hits,
            precision=hits / chosen if chosen else None,
            recall=hits / wanted if wanted else None,
            f1=2 * hits / (chosen + wanted) if chosen + wanted else None,
        )


@dataclass(frozen=True)
class Line:
    """Figures of a date (null: all of them) and customer type (null: both)."""

    as_of_date: date | None
    customer_type: str | None
    customers: int
    wanted: int
    labelled: int
    label: Found
    cut: Found


@dataclass(frozen=True)
class WarningsReport:
    """Lines by question; `dates` are those that another date follows."""

    dates: list[date]
    customer_dates: int
    questions: dict[Question, list[Line]]

    def line(self, name: str, customer_type: str | None = None, on: date | None = None) -> Line:
        """Return one line of the question whose name begins so."""
        (found,) = [
            line
            for question, lines in self.questions.items()
            if question.name.startswith(name + ",")
            for line in lines
            if (line.as_of_date, line.customer_type) == (on, customer_type)
        ]
        return found

    def as_json(self) -> dict[str, Any]:
        """Return the figures as one JSON object."""
        return {
            "dates": [day.isoformat() for day in self.dates],
            "customer_dates": self.customer_dates,
            "questions": [
                {
                    **asdict(question),
                    "lines": [
                        {
                            **asdict(line),
                            "as_of_date": line.as_of_date and line.as_of_date.isoformat(),
                        }
                        for line in lines
                    ],
                }
                for question, lines in self.questions.items()
            ],
        }

    def as_text(self) -> str:
        """Return the figures as lines for people."""
        text = [
            f"{self.customer_dates:,} customers on {len(self.dates)} dates, "
            f"{self.dates[0]} to {self.dates[-1]}: each bought in the {ACTIVE_DAYS} days before "
            "or was under contract,",
            "and was not gone by then: lapsed, churned, or content with a single order",
        ]
        for question, lines in self.questions.items():
            text += [
                "",
                question.name,
                f"{'':22}{'':30}{'label':^30}{f'as many by {question.cut}':^30}".rstrip(),
                f"{'date':12}{'type':10}{'customers':>10}{'wanted':>10}{'labelled':>10}"
                + 2 * f"{'found':>9}{'prec.':>7}{'recall':>7}{'F1':>7}",
            ]
            for line in lines:
                day = line.as_of_date.isoformat() if line.as_of_date else "all"
                text.append(
                    f"{day:12}{line.customer_type or 'all':10}{line.customers:10,}"
                    f"{line.wanted:10,}{line.labelled:10,}{_cells(line.label)}{_cells(line.cut)}"
                )
        return "\n".join(text)


def evaluate(release: Release, truth: Path) -> WarningsReport:
    """Measure the labels of a release's past dates.

    Args:
        release: of the sample company.
        truth: folder that `strata data sample` wrote beside the raw files.

    Raises:
        StrataError: the truth cannot be read, is of another company, or no past date is followed
            by another.
    """
    with duckdb.connect(str(release.public), read_only=True) as connection:
        try:
            return measure(connection, truth)
        except (duckdb.CatalogException, duckdb.BinderException):
            raise StrataError(
                f"release {release.build_id} lacks tables or columns, an older Strata made it: "
                "run `strata build` first"
            ) from None


def measure(connection: duckdb.DuckDBPyConnection, truth: Path) -> WarningsReport:
    """Measure the history tables of a database, as `evaluate` does."""
    files = {name: _truth_file(connection, truth, name) for name in TRUTH}
    sql = resources.files("strata_lab").joinpath("churn_labels.sql").read_text(encoding="utf-8")
    connection.execute(
        sql.format(
            customers=quoted(files["customers"]),
            records=quoted(files["records"]),
            active_days=ACTIVE_DAYS,
        )
    )
    dates = [
        row[0]
        for row in connection.execute(
            "select distinct as_of_date from judged_customers order by as_of_date"
        ).fetchall()
    ]
    if not dates:
        raise StrataError(
            f"{truth}: none of its customers is in the release on a date that another one follows; "
            "give the truth of the raw folder that the release was built from, three years or so"
        )
    questions = {question: _lines(connection, question) for question in QUESTIONS}
    totals = next(iter(questions.values()))[0]
    return WarningsReport(dates=dates, customer_dates=totals.customers, questions=questions)


def _lines(connection: duckdb.DuckDBPyConnection, question: Question) -> list[Line]:
    """Count for every date, every customer type, and all of them."""
    counted = connection.execute(
        COUNTED.format(
            stages=", ".join(map(quoted, question.stages)), cut=question.cut, truth=question.truth
        )
    ).fetchall()
    return [
        Line(
            as_of_date=day,
            customer_type=customer_type,
            customers=customers,
            wanted=wanted,
            labelled=labelled,
            label=Found.of(by_label, labelled, wanted),
            cut=Found.of(by_cut, labelled, wanted),
        )
        for day, customer_type, customers, wanted, labelled, by_label, by_cut in counted
    ]


def _truth_file(connection: duckdb.DuckDBPyConnection, folder: Path, name: str) -> Path:
    """Return a file of the truth, which has the columns that are needed."""
    file = folder / f"{name}.parquet"
    advice = "give the folder truth/ that `strata data sample` wrote"
    if not file.is_file():
        raise StrataError(f"{file} is missing: {advice}")
    try:
        described = connection.execute(f"describe from read_parquet({quoted(file)})").fetchall()
    except duckdb.Error:
        raise StrataError(f"{file} is no Parquet file: {advice}") from None
    known = {row[0] for row in described}
    missing = [column for column in TRUTH[name] if column not in known]
    if missing:
        raise StrataError(f"{file}: no column {', '.join(missing)}: {advice}")
    return file


def _cells(found: Found) -> str:
    """Return four columns of the text."""
    shares = (found.precision, found.recall, found.f1)
    cells = ["-" if share is None else f"{share:.3f}" for share in shares]
    return f"{found.hits:9,}" + "".join(f"{cell:>7}" for cell in cells)
