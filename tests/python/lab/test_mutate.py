"""`strata-lab mutate` on a project of two models."""

from __future__ import annotations

from pathlib import Path

import pytest

from strata.errors import BuildFailed, StrataError
from strata_lab.mutants import draw
from strata_lab.mutate import Report, run

FILES = {
    "dbt_project.yml": """
        name: toy
        profile: toy
        config-version: 2
        flags: {send_anonymous_usage_stats: false}
    """,
    "profiles.yml": """
        toy:
          target: dev
          outputs:
            dev: {type: duckdb, path: "{{ env_var('STRATA_DATABASE') }}"}
    """,
    "models/tested.sql": """
        select 3 as amount
    """,
    "models/checked_outside.sql": """
        select amount from {{ ref('tested') }} where amount >= 3
    """,
    "models/tested.yml": """
        models:
          - name: tested
            columns:
              - name: amount
                data_tests:
                  - accepted_values:
                      name: the_amount_is_three
                      arguments: {values: [3], quote: false}
    """,
    "tests/python/test_outside.py": """
        import os
        import duckdb
        import pytest

        @pytest.mark.mutation
        def test_outside():
            connection = duckdb.connect(os.environ['STRATA_DATABASE'], read_only=True)
            query = 'select amount from checked_outside'
            assert connection.execute(query).fetchall() == [(3,)]
    """,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A dbt project that needs no raw data."""
    for name, text in FILES.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.strip("\n").splitlines()
        path.write_text("\n".join(line[8:] for line in lines) + "\n", encoding="utf-8")
    return tmp_path / "project"


def mutate(project: Path, **options: object) -> Report:
    """Run every mutant of the toy."""
    return run(project, seed=1, count=100, raw=project, workers=1, **options)  # type: ignore[arg-type]


def test_survivors_are_those_that_no_test_notices(project: Path) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    report = mutate(project)
    killed_by = {outcome.mutant.place: outcome.killed_by for outcome in report.of("killed")}
    outside = "tests/python/test_outside.py::test_outside"
    assert killed_by == {
        "tested:1 constant": "test the_amount_is_three",
        "checked_outside:1 constant": outside,
        "checked_outside:1 comparison": outside,
    }
    (survivor,) = report.of("survived")
    assert survivor.mutant.diff == (
        "-select amount from {{ ref('tested') }} where amount >= 3\n"
        "+select amount from {{ ref('tested') }} where true"
    )
    assert report.killed_rate == 0.75
    assert "survived: models/checked_outside.sql" in report.as_text()
    assert report.as_json()["survived"] == 1
    assert before == {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}


def test_a_project_that_fails_unbroken_is_refused(project: Path) -> None:
    (project / "tests/never.sql").write_text("select 1 as wrong", encoding="utf-8")
    with pytest.raises(BuildFailed, match="before any mutation: test never"):
        mutate(project)


def test_the_seed_draws_the_same_mutants(project: Path) -> None:
    first, again, other = ([mutant.diff for mutant in draw(project, seed)[2]] for seed in (1, 1, 2))
    assert first == again
    assert first != other and sorted(first) == sorted(other)


def test_an_unknown_model_is_refused(project: Path) -> None:
    with pytest.raises(StrataError, match="--model nonesuch: no such model"):
        draw(project, 1, ("nonesuch",))
