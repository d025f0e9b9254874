"""The kinds of customers that are compared, each with fields, blocks and rules of its own."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

FOLDER = files("strata.learn")
# [label, condition, m, and perhaps the column whose rare values weigh more]
Level = list[Any]


@dataclass(frozen=True)
class Kind:
    """How two records of a customer type are compared, as `<name>.yml` says.

    `<name>.sql` makes tables compared and carriers of table records. `levels` are the levels of
    agreement of each field, best first: a condition and a starting value of m, the share of the
    pairs of one customer that reach it; training replaces most of it. `values` gives the expression
    of a field that is no column, with `{side}` behind its columns. Pairs that share a value of
    `block_keys` are compared. Pairs that agree in all columns of a row of `certain` are nearly
    always one customer; `training` names those to learn from. Regardless of its score, a pair must
    reach in each row of `evidence` at least one of the levels, counted from the worst, 0.
    """

    customer_type: str
    name: str
    levels: dict[str, list[Level]]
    values: dict[str, str]
    block_keys: dict[str, str]
    certain: list[list[str]]
    training: list[list[str]]
    evidence: list[dict[str, int]]

    @classmethod
    def read(cls, name: str) -> Kind:
        """Return the kind `people` or `organisations`."""
        return cls(**yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8")))

    def sql(self) -> str:
        """Return the script that prepares the records."""
        scripts = (FOLDER / "alike.sql", FOLDER / f"{self.name}.sql")
        return "".join(script.read_text(encoding="utf-8") for script in scripts)

    def value(self, field: str, side: str = "") -> str:
        """Return the expression of a field; it is null where the field is unknown."""
        return self.values.get(field, field + "{side}").format(side=side)

    def is_evident(self, fields: list[str]) -> str:
        """Return the condition on Splink's levels that `evidence` asks for."""
        return " and ".join(
            f"({' or '.join(f'gamma_{one} >= {row[one]}' for one in row if one in fields)})"
            for row in self.evidence
        )

    def is_certain(self) -> str:
        """Return the condition that columns of `one` and `other` agree as in a row of `certain`."""
        return " or ".join(
            f"({' and '.join(f'one.{column} = other.{column}' for column in columns)})"
            for columns in self.certain
        )

    def rare_columns(self) -> list[str]:
        """Return the columns whose rare values weigh more."""
        every = (level for levels in self.levels.values() for level in levels)
        return sorted({column for level in every for column in level[3:]})

    def comparison(self, field: str) -> dict[str, Any]:
        """Return the Splink settings of one field's comparison."""
        unknown = f"{self.value(field, '_l')} is null or {self.value(field, '_r')} is null"
        levels: list[dict[str, Any]] = [
            {"sql_condition": unknown, "label_for_charts": "unknown", "is_null_level": True}
        ]
        for label, condition, share, *rare in self.levels[field]:
            level = {"sql_condition": condition, "label_for_charts": label, "m_probability": share}
            if rare:
                level["tf_adjustment_column"] = rare[0]
                level["disable_tf_exact_match_detection"] = True
            levels.append(level)
        return {"output_column_name": field, "comparison_levels": levels}
