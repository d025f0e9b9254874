"""How the project is built: sizes, the longest path, edges that run against the flow.

Everything is read from the files, so that nothing needs to be built or parsed by dbt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import quantiles
from typing import Any

import yaml

REF = re.compile(r"""\bref\(\s*['"](\w+)['"]\s*\)""")
COMMENT = re.compile(r"\{#.*?#\}|--[^\n]*", re.DOTALL)
MACRO = re.compile(r"\{%-?\s*macro\s")
PUBLISHED = ("marts", "private")


@dataclass(frozen=True)
class Node:
    """A model or snapshot: `place` are its folders below models/, the first is its domain."""

    name: str
    place: tuple[str, ...]
    lines: int
    reads: frozenset[str]


@dataclass(frozen=True)
class Structure:
    """Structure of a project by its files; lines are those of SQL and Python files."""

    domains: list[str]
    nodes: dict[str, Node]
    macro_count: int
    macro_lines: int
    tool_lines: int
    largest_files: dict[str, int]

    @cached_property
    def model_lines(self) -> list[int]:
        """Lines of each model, the shortest first."""
        return sorted(node.lines for node in self.nodes.values() if node.place[0] != "snapshots")

    @cached_property
    def longest_path(self) -> list[str]:
        """Names of the longest chain of models and snapshots that read one another."""
        paths: dict[str, list[str]] = {}

        def path(name: str) -> list[str]:
            if name not in paths:
                before = [path(read) for read in sorted(self.nodes[name].reads)]
                paths[name] = [*max(before, key=len, default=[]), name]
            return paths[name]

        return max((path(name) for name in self.nodes), key=len, default=[])

    @cached_property
    def back_edges(self) -> list[tuple[str, str]]:
        """Pairs of (reader, what it reads) that run against the flow.

        A domain reads none to its right, and `int_*` reads no table that its own domain publishes.
        """
        return sorted(
            (node.name, read)
            for node in self.nodes.values()
            for read in node.reads
            if self._runs_back(node, self.nodes[read])
        )

    def _runs_back(self, reader: Node, read: Node) -> bool:
        there, here = self._position(read), self._position(reader)
        if there != here:
            return there > here
        return reader.name.startswith("int_") and read.place[-1] in PUBLISHED

    def _position(self, node: Node) -> int:
        """Return the place of a node's domain in the flow; a snapshot has that of what it reads."""
        if node.place[0] == "snapshots":
            return max((self._position(self.nodes[read]) for read in node.reads), default=0)
        return self.domains.index(node.place[0])

    def as_json(self) -> dict[str, Any]:
        """Return the measures as one JSON object."""
        lines, models = self.model_lines, len(self.model_lines)
        percentiles = quantiles(lines, n=100, method="inclusive")
        return {
            "models": models,
            "model_lines_p50": percentiles[49],
            "model_lines_p90": percentiles[89],
            "model_lines_max": lines[-1],
            "macros": self.macro_count,
            "macros_per_model": self.macro_count / models,
            "longest_path": len(self.longest_path),
            "back_edges": [list(edge) for edge in self.back_edges],
            "tool_lines": self.tool_lines,
            "tool_lines_per_sql_line": self.tool_lines / (sum(lines) + self.macro_lines),
            "largest_files": self.largest_files,
        }

    def as_text(self) -> str:
        """Return the measures as lines for people."""
        found = self.as_json()
        largest, size = next(iter(self.largest_files.items()))
        path = self.longest_path
        return "\n".join(
            [
                f"{'models':28}{found['models']:,}",
                f"{'model lines p50, p90, max':28}{found['model_lines_p50']:.0f}, "
                f"{found['model_lines_p90']:.0f}, {found['model_lines_max']}",
                f"{'macros':28}{found['macros']} ({found['macros_per_model']:.2f} a model)",
                f"{'longest path':28}{len(path)} ({path[0]} … {path[-1]})",
                f"{'edges that run back':28}{len(self.back_edges)}",
                *(f"  {reader} reads {read}" for reader, read in self.back_edges),
                f"{'lines of the tool':28}{self.tool_lines:,} "
                f"({found['tool_lines_per_sql_line']:.2f} of models and macros)",
                f"{'largest file':28}{size} lines ({largest})",
            ]
        )


def measure(project: Path) -> Structure:
    """Measure a project.

    Args:
        project: Folder with dbt_project.yml, whose order of models is the flow, and scripts/strata.
    """
    settings = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))
    domains = [key for key in settings["models"][settings["name"]] if not key.startswith("+")]
    files = [*(project / "models").rglob("*.sql"), *(project / "snapshots").glob("*.sql")]
    reads = {file.stem: set(REF.findall(COMMENT.sub("", file.read_text()))) for file in files}
    nodes = {
        file.stem: Node(
            file.stem,
            _place(file.relative_to(project)),
            _lines(file),
            frozenset(reads[file.stem] & reads.keys()),
        )
        for file in files
    }
    macros = list((project / "macros").rglob("*.sql"))
    scripts = [path for path in (project / "scripts").rglob("*") if path.suffix in (".py", ".sql")]
    tool = project / "scripts/strata"
    sizes = {
        path.relative_to(project).as_posix(): _lines(path) for path in files + macros + scripts
    }
    largest = sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[:5]
    return Structure(
        domains,
        nodes,
        sum(len(MACRO.findall(path.read_text(encoding="utf-8"))) for path in macros),
        sum(_lines(path) for path in macros),
        sum(_lines(path) for path in scripts if path.is_relative_to(tool)),
        dict(largest),
    )


def _place(path: Path) -> tuple[str, ...]:
    folders = path.parent.parts
    return folders[1:] if folders[0] == "models" else folders


def _lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())
