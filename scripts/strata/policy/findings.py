"""Findings of the lint: place, problem and fix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from strata.catalogue import say
from strata.seeds import Row

ERROR = "error"
WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """One finding.

    `level` is error, which a build refuses, or warning; `subject` is the policy and rule or another
    key of the row; `key` names the sentences of the catalogue, and `values` go into them;
    `own_file` is the company's file that changes a row of a shipped one.
    """

    file: str
    line: int
    level: str
    subject: str
    key: str
    values: tuple[tuple[str, Any], ...] = ()
    own_file: str = ""

    @property
    def check(self) -> str:
        """The name by which lint_exceptions.csv accepts a warning."""
        return self.key.split(".")[0]

    def said(self, part: str, language: str) -> str:
        """Return the `problem` or the `fix` in a language."""
        values = {"subject": self.subject} | dict(self.values)
        text = say(f"lint.{self.key}.{part}", language, **values)
        if part == "fix" and self.own_file:
            return say("lint.shipped", language, fix=text, file=self.own_file)
        return text

    def in_words(self, language: str) -> str:
        """Return the finding as one line."""
        mark = say("lint.warning", language) if self.level == WARNING else ""
        parts = (self.said(part, language) for part in ("problem", "fix"))
        return f"{self.file}:{self.line}: {mark}{': '.join([self.subject, *parts])}"

    def __str__(self) -> str:
        return self.in_words("en")

    def as_json(self, language: str) -> dict[str, Any]:
        """Return the finding as an object for `--json`."""
        return {
            **{name: getattr(self, name) for name in ("file", "line", "level", "check", "subject")},
            **{part: self.said(part, language) for part in ("problem", "fix")},
        }


def at(row: Row, key: str, subject: str, **values: Any) -> Finding:
    """Return an error at a row of a seed."""
    return Finding(row.file, row.line, ERROR, subject, key, tuple(values.items()))


def line_seen_from(row: Row, other: Row) -> int | str:
    """Return the line of another row, with its file if that is another one."""
    return other.line if row.file == other.file else f"{other.file}:{other.line}"


# Columns that name a row to a reader, per seed; the first column of the others.
NAMED_BY = {
    "rules": ("policy_key", "rule_key"),
    "rule_conditions": ("policy_key", "rule_key"),
    "labels": ("kind", "outcome_key"),
    "rfm_segments": ("recency_score", "frequency_score", "monetary_score"),
    "rfm_groups": ("is_recency_high", "is_frequency_high", "is_monetary_high"),
    "rfm_bands": ("policy_key", "customer_type", "dimension", "score"),
    "rfm_dimensions": ("policy_key", "customer_type", "dimension"),
    "metric_invariants": ("metric", "operator"),
    "playbook_steps": ("playbook_key", "step_number"),
}


def subject(seed: str, row: Row) -> str:
    """Return the keys by which a reader finds a row, as in default/tier_a."""
    columns = NAMED_BY.get(seed) or tuple(row.cells)[:1]
    return "/".join(row[column] or "?" for column in columns)
