"""The structure of the project: data flows one way, and no part is too large to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from strata.project import project_dir
from strata_lab.structure import Structure, measure


@pytest.fixture(scope="module")
def ours() -> Structure:
    return measure(project_dir())


def test_no_model_reads_against_the_flow(ours: Structure) -> None:
    assert ours.back_edges == []


def test_the_flow_is_no_longer_than_a_reader_can_follow(ours: Structure) -> None:
    assert len(ours.longest_path) <= 34, ours.longest_path


def test_models_are_short(ours: Structure) -> None:
    found = ours.as_json()
    assert found["model_lines_p90"] <= 100
    assert found["model_lines_max"] <= 160


def test_macros_are_fewer_than_a_third_of_the_models(ours: Structure) -> None:
    assert ours.macro_count <= len(ours.model_lines) / 3


def test_the_tool_does_not_outweigh_the_models(ours: Structure) -> None:
    found = ours.as_json()
    # The aims are 10,000 lines and 0.8 of the SQL; what is reached may not grow again. A company's
    # folder and the comparison of releases took it from 10,160 and 0.83.
    assert found["tool_lines"] <= 11_460
    assert found["tool_lines_per_sql_line"] <= 0.93
    assert max(ours.largest_files.values()) <= 300, ours.largest_files


def test_an_edge_that_runs_back_is_found(tmp_path: Path) -> None:
    files = {
        "dbt_project.yml": "name: toy\nmodels: {toy: {+schema: x, staging: , early: , late: }}",
        "models/staging/shop/stg_orders.sql": "select 1",
        "models/early/int_early.sql": "select * from {{ ref('stg_orders') }} -- {{ ref('late') }}",
        "models/early/marts/early.sql": "select * from {{ ref('int_early') }} {# ref('late') #}",
        "models/early/int_own_mart.sql": 'select * from {{ ref("early") }}',
        "models/early/int_back.sql": "select * from {{ ref('late') }} join {{ ref('stg_orders') }}",
        "models/late/marts/late.sql": "{{ ref('kept_snapshot') }}, {{ ref('int_early') }}",
        "models/late/marts/latest.sql": "select * from {{ ref('late') }}",
        "snapshots/kept_snapshot.sql": "select * from {{ ref('early') }}",
        "macros/one.sql": "{% macro one() %}{% endmacro %}\n{%- macro two() -%}{% endmacro %}",
        "scripts/strata/tool.py": "a = 1\nb = 2\n",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    toy = measure(tmp_path)
    assert toy.back_edges == [("int_back", "late"), ("int_own_mart", "early")]
    assert toy.longest_path == [
        "stg_orders",
        "int_early",
        "early",
        "kept_snapshot",
        "late",
        "latest",
    ]
    assert (toy.macro_count, toy.macro_lines, toy.tool_lines) == (2, 2, 2)
    assert toy.domains == ["staging", "early", "late"]
