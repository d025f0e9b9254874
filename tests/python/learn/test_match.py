"""`strata model match` on releases made by hand: what it writes, and what it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from strata.cli import group
from strata.errors import StrataError

from .conftest import Row, as_table

POLICIES = "policy_key,review_match_probability\ndefault,0.5\n"

Run = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a raw folder and no release yet; the working directory."""
    (tmp_path / "dbt_project.yml").write_text("vars: {raw_data_dir: data/raw}\n")
    seeds = tmp_path / "seeds" / "policy"
    seeds.mkdir(parents=True)
    (seeds / "policies.csv").write_text(POLICIES)
    (seeds / "_policy__seeds.yml").write_text("seeds: [{name: policies}]\n")
    (tmp_path / "data" / "raw").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def release(project: Path, rows: list[Row] | None) -> None:
    """Publish a release with these normalised records, or with none of that table."""
    folder = project / "warehouse" / "releases" / "r1"
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "private.duckdb")) as private:
        private.execute("create schema intermediate")
        if rows is not None:
            private.register("given", as_table(rows))
            private.execute(
                """
                create table intermediate.int_identity__normalised as
                select * replace (cast(birth_date as date) as birth_date) from given
                """
            )
    (folder / "release.json").write_text('{"build_id": "r1", "as_of_date": "2026-09-10"}')
    (project / "warehouse" / "current").symlink_to("releases/r1")


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(group, ["model", "match", *arguments])
    if isinstance(result.exception, StrataError):
        raise result.exception
    return result


def test_writes_the_pairs_for_the_next_build(project: Path, town: list[Row]) -> None:
    release(project, town)
    result = run("--json")
    said = json.loads(result.stdout)
    path = project / "data" / "raw" / "model_identity_pairs.parquet"
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    with duckdb.connect() as connection:
        described = connection.execute(f"describe from '{path}'").fetchall()
        assert [row[:2] for row in described] == [
            ("pair_id", "VARCHAR"),
            ("left_record_key", "VARCHAR"),
            ("right_record_key", "VARCHAR"),
            ("match_probability", "DOUBLE"),
            ("accepted_from", "DOUBLE"),
            ("method_version", "VARCHAR"),
            ("fitted_at", "TIMESTAMP"),
        ]
        checked = connection.execute(
            f"""
            select
                count(*), count(distinct pair_id),
                count(*) filter (match_probability >= accepted_from),
                count(*) filter (match_probability >= 0.5 and match_probability < accepted_from),
                min(accepted_from), max(accepted_from),
                bool_and(left_record_key < right_record_key),
                bool_and(match_probability between 0.1 and 1),
                count(distinct method_version), min(fitted_at) > now()::timestamp - interval 1 hour
            from '{path}'
            """
        ).fetchone()
    assert checked is not None
    pairs, ids, auto, review, *thresholds = checked[:6]
    laws = list(checked[6:])
    assert laws == [True, True, 1, True]
    assert pairs == ids == said["pairs"]
    assert (auto, review) == (said["auto_pairs"], said["review_pairs"])
    assert auto >= 90
    people, organisations = (said["customer_types"][key] for key in ("consumer", "business"))
    assert thresholds == [people["accepted_from"]] * 2
    assert 0.5 <= people["accepted_from"] < 1 and people["expected_precision"] >= 0.99
    assert (people["records"], people["pairs"], people["auto_pairs"]) == (340, pairs, auto)
    assert organisations == {"records": 0, "left_out": 0, "pairs": 0}
    assert said["method_version"].startswith("splink-")


def test_says_what_it_did_in_a_few_lines(project: Path, town: list[Row]) -> None:
    release(project, town)
    elsewhere = project / "elsewhere"
    elsewhere.mkdir()
    lines = run("--raw", str(elsewhere)).stdout.splitlines()
    assert lines[0].split() == ["Release", "r1"]
    assert lines[1].startswith("People            340 records; ")
    assert re.fullmatch(
        r"  to join         \d+ pairs of probability 0\.\d+ and more; "
        r"expected precision (0\.99\d|1\.000)",
        lines[2],
    )
    assert lines[3].endswith("pairs of probability 0.5 and more")
    assert lines[4] == "Organisations     0 records: fewer than 100, none scored"
    assert str(elsewhere / "model_identity_pairs.parquet") in lines[5]


def test_a_higher_precision_asks_for_more(project: Path, town: list[Row]) -> None:
    """Without contact points no certain fact joins misspelt names."""
    release(project, [row | {"email": None, "phone": None, "street": None} for row in town])
    said = [json.loads(run("--json", *more).stdout) for more in ([], ["--precision", "1"])]
    usual, strict = (one["customer_types"]["consumer"]["accepted_from"] for one in said)
    assert usual < strict


def test_refuses_without_a_release(project: Path) -> None:
    with pytest.raises(StrataError, match=r"no release yet: run `strata build --out .*` first"):
        run()


def test_refuses_a_release_of_an_older_strata(project: Path) -> None:
    release(project, None)
    with pytest.raises(StrataError, match="release r1 holds no normalised records"):
        run()


def test_refuses_a_missing_raw_folder(project: Path, town: list[Row]) -> None:
    release(project, town)
    with pytest.raises(StrataError, match=r"no folder .*/nowhere"):
        run("--raw", "nowhere")


def test_failure_leaves_the_pairs_of_the_time_before(project: Path, town: list[Row]) -> None:
    release(project, town[:50])
    path = project / "data" / "raw" / "model_identity_pairs.parquet"
    path.write_text("old")
    with pytest.raises(StrataError, match="too few"):
        run()
    assert path.read_text() == "old"


def test_policy_without_thresholds_is_refused(project: Path) -> None:
    (project / "seeds" / "policy" / "policies.csv").write_text("policy_key\ndefault\n")
    with pytest.raises(StrataError, match="review_match_probability"):
        run()
