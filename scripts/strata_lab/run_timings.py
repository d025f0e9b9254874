"""Reads how long the nodes of a dbt run took."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

# The folders of models/ in the order of the flow, and what dbt builds beside them.
STAGES = (
    "seeds",
    "staging",
    "run",
    "identity",
    "activity",
    "customers",
    "metrics",
    "segmentation",
    "lifetime",
    "playbooks",
    "review",
    "quality",
    "snapshots",
)


@dataclass(frozen=True)
class Node:
    """One node of a run with the time it ran for."""

    name: str
    stage: str
    started_at: datetime
    completed_at: datetime

    @property
    def seconds(self) -> float:
        """How long it ran."""
        return (self.completed_at - self.started_at).total_seconds()


def read_nodes(target: Path) -> list[Node]:
    """Return the nodes that ran, from `run_results.json` and `manifest.json` of a target folder."""
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    known = {
        key: node
        for key, node in (manifest["nodes"] | manifest["unit_tests"]).items()
        if node["resource_type"] != "operation"  # the hook that prepares schema raw
    }
    nodes = []
    for result in results:
        times = [timing for timing in result["timing"] if timing["name"] == "execute"]
        details = known.get(result["unique_id"])
        if times and details:
            started, completed = (
                datetime.fromisoformat(times[0][key]) for key in ("started_at", "completed_at")
            )
            nodes.append(Node(details["name"], _stage(details), started, completed))
    return nodes


def stages(
    nodes: list[Node], started: float | None = None, ended: float | None = None
) -> dict[str, float]:
    """Return seconds per stage: the nodes added up, and what lay before and after them.

    `started` and `ended` are seconds since the epoch; without them the run had nothing but nodes.
    """
    totals = dict.fromkeys(["start", *STAGES, "tests", "publish"], 0.0)
    if started is not None and ended is not None:
        totals["start"] = min(node.started_at for node in nodes).timestamp() - started
        totals["publish"] = ended - max(node.completed_at for node in nodes).timestamp()
    for node in nodes:
        totals[node.stage] += node.seconds
    return totals


def slowest(nodes: list[Node], count: int = 10) -> list[dict[str, object]]:
    """Return name, stage and seconds of the slowest nodes."""
    ordered = sorted(nodes, key=lambda node: node.seconds, reverse=True)
    return [
        {"name": node.name, "stage": node.stage, "seconds": node.seconds}
        for node in ordered[:count]
    ]


def span(nodes: list[Node]) -> float:
    """Return the seconds from the first start to the last end."""
    first = min(node.started_at for node in nodes)
    return (max(node.completed_at for node in nodes) - first).total_seconds()


def _stage(details: dict[str, str]) -> str:
    if details["resource_type"] in ("test", "unit_test"):
        return "tests"
    top, folder = Path(details["original_file_path"]).parts[:2]
    return folder if top == "models" else top
