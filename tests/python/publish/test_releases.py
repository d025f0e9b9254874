"""The link `current`, what is kept, and rollback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from select import select

import pytest

from strata.cli import group
from strata.errors import StrataError
from strata.warehouse.releases import Warehouse

Make = Callable[..., Path]


def names(warehouse: Warehouse) -> list[str]:
    return sorted(folder.name for folder in warehouse.releases_folder.iterdir())


@pytest.fixture
def warehouse(tmp_path: Path, make_release: Make) -> Warehouse:
    """Releases a, b and c, each made from the one before; c is current."""
    make_release("a")
    make_release("b", previous="a")
    make_release("c", previous="b")
    warehouse = Warehouse(tmp_path / "warehouse")
    warehouse.publish("c")
    return warehouse


def test_rollback_goes_to_the_release_that_the_current_one_came_from(warehouse: Warehouse) -> None:
    assert warehouse.rollback(None).build_id == "b"
    assert warehouse.need_current().build_id == "b"
    assert warehouse.rollback(None).build_id == "a"
    with pytest.raises(StrataError, match="first release"):
        warehouse.rollback(None)
    assert warehouse.rollback("c").build_id == "c"


def test_release_left_behind_by_a_rollback_is_no_one_s_predecessor(
    warehouse: Warehouse, make_release: Make
) -> None:
    warehouse.rollback(None)
    make_release("d", previous="b")
    warehouse.publish("d")
    assert warehouse.rollback(None).build_id == "b"


def test_unknown_release_names_those_there(warehouse: Warehouse) -> None:
    with pytest.raises(StrataError, match=r"no release z in .*; there: c, b, a"):
        warehouse.rollback("z")
    assert warehouse.need_current().build_id == "c"


def test_prune_keeps_the_current_release_and_its_ancestors_first(
    warehouse: Warehouse, make_release: Make
) -> None:
    warehouse.rollback(None)
    make_release("d", previous="b")
    warehouse.publish("d")
    warehouse.prune(3)
    assert names(warehouse) == ["a", "b", "d"]
    warehouse.prune(1)
    assert names(warehouse) == ["d"]


def test_dead_builds_are_cleared_and_releases_are_not(warehouse: Warehouse) -> None:
    (warehouse.new_folder() / "build.duckdb").touch()
    warehouse.clear_dead_builds()
    assert names(warehouse) == ["a", "b", "c"]


@pytest.mark.parametrize(
    "content",
    [None, b"", b'{"build_id": "c", "as_o', b"\xff\x00", b"[]", b"{}", b'{"build_id": "c"}'],
)
def test_damaged_current_release_is_said_and_left_by_a_rollback(
    warehouse: Warehouse, content: bytes | None
) -> None:
    marker = warehouse.releases_folder / "c" / "release.json"
    if content is None:
        marker.unlink()
    else:
        marker.write_bytes(content)
    with pytest.raises(StrataError, match=r"release.json is missing or damaged.*strata rollback"):
        warehouse.current()
    assert [release.build_id for release in warehouse.releases()] == ["b", "a"]
    assert warehouse.rollback(None).build_id == "b"
    assert warehouse.need_current().build_id == "b"


def test_damaged_first_release_cannot_be_left(warehouse: Warehouse) -> None:
    warehouse.publish("a")
    (warehouse.releases_folder / "a" / "release.json").write_text("{")
    with pytest.raises(StrataError, match=r"no release is older: delete the link"):
        warehouse.rollback(None)


@pytest.fixture
def newer(warehouse: Warehouse, make_release: Make, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """Release d of a newer edition is current."""
    monkeypatch.setattr("strata.warehouse.releases.__version__", "0.9.1")
    make_release("d", previous="c", versions={"strata": "0.10.0"})
    warehouse.publish("d")
    return warehouse


def test_state_of_a_newer_edition_is_refused_by_name(newer: Warehouse) -> None:
    message = (
        "d was made by Strata 0.10.0, and this is 0.9.1: upgrade, or run `strata rollback --to c`"
    )
    for refused in (newer.current, lambda: newer.get("d"), lambda: newer.rollback("d")):
        with pytest.raises(StrataError, match=message) as caught:
            refused()
        assert caught.value.exit_code == 2
    assert newer.rollback(None).build_id == "c"
    assert newer.need_current().build_id == "c"


@pytest.mark.parametrize("edition", ["0.9.1", "0.9.1.dev3", "0.9.0", "0.8.12", ""])
def test_state_of_this_edition_and_of_older_ones_is_read(
    newer: Warehouse, make_release: Make, edition: str
) -> None:
    make_release("e", previous="c", versions={"strata": edition})
    newer.publish("e")
    assert newer.need_current().build_id == "e"


@pytest.mark.parametrize("command", ["build", "export", "explain cus_a", "model match"])
def test_commands_leave_a_release_of_a_newer_edition(
    newer: Warehouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    orders = "order_id,customer_code,ordered_at,order_total_amount\no1,c1,2026-09-10,3.00\n"
    (tmp_path / "data" / "raw" / "erp_orders.csv").write_text(orders)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StrataError, match=r"release d was made by Strata 0\.10\.0"):
        group(command.split(), standalone_mode=False)
    assert names(newer) == ["a", "b", "c", "d"]


def test_readers_see_one_release_or_the_other_and_no_error(warehouse: Warehouse) -> None:
    """A reader opens the file again and again while releases are swapped below it."""
    code = """
import sys, duckdb
from select import select
seen = set()
while not select([sys.stdin], [], [], 0)[0]:
    with duckdb.connect(sys.argv[1], read_only=True) as connection:
        rows = connection.execute("select build_id from one union select build_id from two")
        ids = [row[0] for row in rows.fetchall()]
    assert len(ids) == 1, ids
    if ids[0] not in seen:
        seen.add(ids[0])
        print(ids[0], flush=True)
"""
    command = [sys.executable, "-c", code, str(warehouse.link / "strata.duckdb")]
    pipe = subprocess.PIPE
    said = b""
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as reader:
        assert reader.stdout is not None
        give_up, swaps = time.monotonic() + 120, 0
        while (swaps < 500 or len(said.split()) < 2) and time.monotonic() < give_up:
            warehouse.publish("b" if swaps % 2 else "c")
            swaps += 1
            if select([reader.stdout], [], [], 0)[0]:
                said += os.read(reader.stdout.fileno(), 100)
                if reader.poll() is not None:
                    break
        _, err = reader.communicate(b"stop")
    assert reader.returncode == 0, err.decode()
    assert sorted(said.split()) == [b"b", b"c"]
