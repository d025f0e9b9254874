"""Models of a replay, their inputs, and that a release keeps both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from strata.errors import StrataError
from strata.publish.tables import published
from strata.replay import METRICS, OUTCOMES, PINNED, Replay, nodes_of

# Model: its domain and what it reads.
MODELS = {
    "stg_orders": ("staging", []),
    "facts": ("activity", ["stg_orders"]),
    "names": ("identity", ["stg_orders"]),
    "days": ("activity", ["facts"]),
    **{name: ("segmentation", ["days"]) for name in PINNED},
    METRICS: ("metrics", ["days", "names", *sorted(PINNED)]),
    OUTCOMES: ("segmentation", [METRICS]),
}


def manifest(folder: Path, models: dict[str, tuple[str, list[str]]]) -> Path:
    """Write a manifest with these models, of which `names` is public."""
    nodes: dict[str, dict[str, Any]] = {
        f"model.strata.{name}": {
            "name": name,
            "alias": name,
            "schema": "main",
            "resource_type": "model",
            "original_file_path": f"models/{domain}/{name}.sql",
            "compiled_code": "select 1",
            "depends_on": {"nodes": [f"model.strata.{parent}" for parent in parents]},
            "config": {"materialized": "view"},
            "access": "public" if name == "names" else "protected",
        }
        for name, (domain, parents) in models.items()
    }
    path = folder / "manifest.json"
    path.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    return path


def test_models_from_the_facts_on_are_run_and_what_they_read_is_kept(tmp_path: Path) -> None:
    path = manifest(tmp_path, MODELS)
    replay = Replay.of(nodes_of(json.loads(path.read_text(encoding="utf-8"))))
    assert [node["name"] for node in replay.models] == ["days", METRICS, OUTCOMES]
    assert {node["name"] for node in replay.inputs} == {"facts", "names", *PINNED}
    tables = {table.name: table.is_public for table in published(path)}
    assert tables == {"names": True} | dict.fromkeys(["facts", *PINNED], False)


@pytest.mark.parametrize("missing", [OUTCOMES, min(PINNED)])
def test_a_missing_model_is_named_in_one_line(tmp_path: Path, missing: str) -> None:
    models = {name: model for name, model in MODELS.items() if name != missing}
    path = manifest(tmp_path, models)
    with pytest.raises(StrataError, match=missing) as caught:
        Replay.of(nodes_of(json.loads(path.read_text(encoding="utf-8"))))
    assert "\n" not in str(caught.value)
