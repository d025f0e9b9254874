"""What the lint finds: a place, what is wrong there, and how to mend it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from strata.policy.seeds import Row

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One finding.

    `check` is the name by which lint_exceptions.csv accepts it; `subject` is the policy and rule or
    another key of the row; `level` is error, which a build refuses, or warning.
    """

    file: str
    line: int
    level: str
    check: str
    subject: str
    problem: str
    fix: str

    def __str__(self) -> str:
        mark = "warning: " if self.level == WARNING else ""
        return f"{self.file}:{self.line}: {mark}{self.subject}: {self.problem}: {self.fix}"

    def as_json(self) -> dict[str, Any]:
        """Return the finding as an object for `--json`."""
        return asdict(self)


def at(
    row: Row, check: str, subject: str, problem: str, fix: str, *, level: str = ERROR
) -> Finding:
    """Return a finding at a row of a seed."""
    return Finding(row.file, row.line, level, check, subject, problem, fix)


# Columns that name a row to a reader, per seed; the first of them that a seed has are shown.
NAMED_BY = {
    "rules": ("policy_key", "rule_key"),
    "rule_conditions": ("policy_key", "rule_key"),
    "labels": ("kind", "outcome_key"),
    "rfm_segments": ("recency_score", "frequency_score", "monetary_score"),
    "rfm_groups": ("is_recency_high", "is_frequency_high", "is_monetary_high"),
    "rfm_bands": ("policy_key", "customer_type", "dimension", "score"),
    "rfm_dimensions": ("policy_key", "customer_type", "dimension"),
    "playbook_steps": ("playbook_key", "step_number"),
}


def subject(seed: str, row: Row) -> str:
    """Return the keys by which a reader finds a row, as in default/tier_a."""
    columns = NAMED_BY.get(seed) or tuple(row.cells)[:1]
    return "/".join(row[column] or "?" for column in columns)
