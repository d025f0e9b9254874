"""A build starts from the kept parse of the same files, and from no other."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from strata.warehouse import parsed
from strata.warehouse.files import private_files

from .conftest import TOY

if TYPE_CHECKING:
    from tests.python.publish.conftest import Toy

SKIPPED = "no changes found, skipping parsing"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the toy project, with an installed package."""
    folder = tmp_path / "project"
    shutil.copytree(TOY, folder)
    (folder / "dbt_packages" / "other" / "macros").mkdir(parents=True)
    (folder / "dbt_packages" / "other" / "macros" / "one.sql").write_text("one")
    (folder / "dbt_packages" / "other" / "dbt_project.yml").write_text("name: other")
    return folder


def append(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write("\n")


@pytest.mark.parametrize(
    "path",
    [
        "dbt_project.yml",
        "profiles.yml",
        "models/marts/customers.sql",
        "models/marts/marts.yml",
        "models/staging/erp/_erp__sources.yml",
        "macros/project.sql",
        "seeds/policy/labels.csv",
        "snapshots/customer_segments_snapshot.sql",
        "tests/orders_are_positive.sql",
        "dbt_packages/other/macros/one.sql",
    ],
)
def test_a_changed_file_is_seen(project: Path, path: str) -> None:
    before = parsed.fingerprint(project)
    assert before == parsed.fingerprint(project)
    append(project / path)
    assert before != parsed.fingerprint(project)


@pytest.mark.parametrize(
    "change",
    [
        lambda project: (project / "models/marts/customers.sql").unlink(),
        lambda project: (project / "models/new.sql").write_text("select 1"),
        lambda project: (project / "packages.yml").write_text("packages: []"),
        lambda project: (project / "models/marts").rename(project / "models/others"),
        lambda project: (project / "elsewhere/new.sql").write_text("select 1"),
    ],
    ids=["deleted", "added", "packages", "renamed", "folder of its own"],
)
def test_a_change_of_the_set_of_files_is_seen(
    project: Path, change: Callable[[Path], object]
) -> None:
    settings = project / "dbt_project.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[models]", "[models, elsewhere]"), encoding="utf-8")
    (project / "elsewhere").mkdir()
    before = parsed.fingerprint(project)
    change(project)
    assert before != parsed.fingerprint(project)


def test_another_place_and_another_version_are_seen(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = parsed.fingerprint(project)
    shutil.copytree(project, tmp_path / "copy")
    assert before != parsed.fingerprint(tmp_path / "copy")
    monkeypatch.setattr(parsed, "version", lambda package: f"9 of {package}")
    assert before != parsed.fingerprint(project)


def test_data_and_what_was_made_are_not_read(project: Path) -> None:
    before = parsed.fingerprint(project)
    for name in ("data/raw/erp_orders.csv", "target/run/models/a.sql", "warehouse/current"):
        (project / name).parent.mkdir(parents=True)
        (project / name).touch()
    assert before == parsed.fingerprint(project)


def test_one_parse_is_kept_and_a_folder_that_is_read_only_is_left_alone(tmp_path: Path) -> None:
    made = tmp_path / "partial_parse.msgpack"
    made.write_bytes(b"parse")
    kept = [tmp_path / "target" / f"{parsed.NAME}{name}.msgpack" for name in ("a", "b")]
    for path in kept:
        assert "--no-partial-parse" in parsed.arguments(path)
        parsed.keep(made, path)
        assert str(path) in parsed.arguments(path)
    assert list((tmp_path / "target").iterdir()) == [kept[1]]
    assert kept[1].read_bytes() == b"parse"
    (tmp_path / "file").touch()
    parsed.keep(made, tmp_path / "file" / "kept.msgpack")


def test_others_who_share_the_checkout_can_read_the_parse(tmp_path: Path) -> None:
    """A build keeps its own files private; the parse holds the project and no data."""
    made = tmp_path / "partial_parse.msgpack"
    made.write_bytes(b"parse")
    kept = tmp_path / "target" / f"{parsed.NAME}a.msgpack"
    with private_files():
        parsed.keep(made, kept)
    assert kept.stat().st_mode & 0o777 == 0o644
    assert kept.parent.stat().st_mode & 0o777 == 0o755


def test_a_parse_that_cannot_be_read_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As another user's may be; root reads everything, so the question is answered for it."""
    kept = tmp_path / f"{parsed.NAME}a.msgpack"
    kept.write_bytes(b"parse")
    monkeypatch.setattr("os.access", lambda path, mode: mode != os.R_OK)
    assert parsed.arguments(kept) == ["--no-partial-parse"]


def test_a_build_starts_from_the_parse_of_the_same_files_alone(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vars and data of a build that starts from another's parse are its own; a new macro counts."""
    monkeypatch.setenv("DBT_LOG_LEVEL_FILE", "debug")
    built = toy.run("build", "--as-of", "2026-10-01")
    assert built.returncode == 0, built.stderr
    assert SKIPPED not in log(toy)
    first = nodes(toy)
    toy.write_orders(orders=72, extra="o99,c99,2026-10-02,5.00")
    built = toy.run("build", "--as-of", "2026-10-02", "--accept")
    assert built.returncode == 0, built.stderr
    assert SKIPPED in log(toy)
    toy.assert_whole()
    assert toy.info()["as_of_date"] == "2026-10-02"
    assert toy.query("select count(*) from customers") == [(13,)]
    assert nodes(toy) == first
    macro = toy.folder / "macros" / "project.sql"
    macro.write_text(macro.read_text().replace("'ordered_at' not in", "'shop' not in"))
    outcome = toy.run("build", "--as-of", "2026-10-02")
    assert outcome.returncode == 2
    assert "erp_orders.csv has no column ordered_at: add it" in outcome.stderr


def log(toy: Toy) -> str:
    return (toy.current / "logs" / "dbt.log").read_text(encoding="utf-8")


def nodes(toy: Toy) -> dict[str, dict[str, Any]]:
    """Return the nodes of the release's manifest, without what is compiled anew in each build."""
    manifest = json.loads((toy.current / "target" / "manifest.json").read_text(encoding="utf-8"))
    changing = {"created_at", "compiled", "compiled_code", "compiled_path", "build_path"}
    return {
        key: {name: value for name, value in node.items() if name not in changing}
        for key, node in (manifest["nodes"] | manifest["macros"]).items()
    }
