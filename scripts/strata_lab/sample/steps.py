"""The SQL files that make the sample, in an order in which each finds the tables that it reads."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from importlib.resources import files

MAKES = re.compile(r"\bcreate table (\w+)")
READS = re.compile(r"\b(?:from|join) (\w+)")


def steps() -> dict[str, str]:
    """Return the SQL of every file in `sql` by its name, in the order to run them in."""
    paths = sorted(files("strata_lab.sample").joinpath("sql").iterdir(), key=lambda path: path.name)
    texts = {path.name.removesuffix(".sql"): path.read_text(encoding="utf-8") for path in paths}
    maker = {table: step for step, text in texts.items() for table in MAKES.findall(text)}
    reads = {
        step: [maker[table] for table in READS.findall(text) if maker.get(table, step) != step]
        for step, text in texts.items()
    }
    return {step: texts[step] for step in TopologicalSorter(reads).static_order()}
