"""Which compiled models judge a customer again, and what they read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from strata.errors import StrataError
from strata.sql import identifier

Node = dict[str, Any]

METRICS = "customer_metrics_history"
OUTCOMES = "int_segmentation__first_matches_history"
# Made of all customers, or of what time does not move: read as the release has them.
PINNED = frozenset(
    [
        "int_metrics__potential",
        "int_metrics__profiles",
        "int_rfm__cut_points_history",
        "int_rules__conditions",
        "int_segmentation__groups",
        "int_sources__fresh_history",
    ]
)
REPLAYED_DOMAINS = frozenset(["activity", "metrics", "segmentation"])
FIELDS = ("name", "resource_type", "schema", "alias", "original_file_path", "compiled_code")


@dataclass(frozen=True)
class Replay:
    """The models from the facts of a customer to the stages, in order, and the tables they read."""

    models: list[Node]
    inputs: list[Node]

    @classmethod
    def of(cls, nodes: Mapping[str, Node]) -> Replay:
        """Return what judges a customer among the nodes of a manifest.

        A model of another domain, or one that reads staging, is read and not made again.

        Raises:
            StrataError: a model that this module names is not among them.
        """

        def is_input(node: Node) -> bool:
            return (
                node["name"] in PINNED
                or _domain(node) not in REPLAYED_DOMAINS
                or any(_domain(nodes[key]) == "staging" for key in node["parents"] if key in nodes)
            )

        needed = in_order(nodes, (METRICS, OUTCOMES), is_input)
        inputs = [node for node in needed if is_input(node)]
        missing = PINNED - {node["name"] for node in inputs}
        if missing:
            raise StrataError(f"the stages are made without the model {', '.join(sorted(missing))}")
        return cls([node for node in needed if not is_input(node)], inputs)


def nodes_of(manifest: Mapping[str, Any]) -> dict[str, Node]:
    """Return the models and seeds of a manifest by their unique_id, with what is used of them."""
    return {
        key: {field: node.get(field) for field in FIELDS}
        | {
            "parents": node.get("depends_on", {}).get("nodes", []),
            "materialized": node["config"]["materialized"],
            "column_types": node["config"].get("column_types"),
        }
        for key, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed")
    }


def in_order(
    nodes: Mapping[str, Node],
    targets: Collection[str],
    is_input: Callable[[Node], bool] = lambda node: False,
) -> list[Node]:
    """Return the targets, by name, and all that they need, in the order in which it can be made.

    The parents of an input are left out.

    Raises:
        StrataError: there is no model of that name.
    """
    keys = {node["name"]: key for key, node in nodes.items()}
    unknown = [target for target in targets if target not in keys]
    if unknown:
        raise StrataError(f"there is no model {', '.join(unknown)}")
    graph: dict[str, list[str]] = {}
    waiting = [keys[target] for target in targets]
    while waiting:
        key = waiting.pop()
        if key not in graph:
            parents = [] if is_input(nodes[key]) else nodes[key]["parents"]
            graph[key] = [parent for parent in parents if parent in nodes]
            waiting.extend(graph[key])
    return [nodes[key] for key in TopologicalSorter(graph).static_order()]


def relation(node: Node) -> str:
    """Return the quoted schema and name of a node's table."""
    return f"{identifier(node['schema'])}.{identifier(node['alias'])}"


def _domain(node: Node) -> str:
    """Return the folder of a model below `models`, of a seed below `seeds`."""
    return Path(node["original_file_path"]).parts[1]
