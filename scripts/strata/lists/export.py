"""`strata export`: one list per playbook and owner, from the current release."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from strata.errors import StrataError
from strata.intake.files import connect
from strata.lists.cells import line
from strata.lists.log import ExportLog
from strata.sql import first_row, quoted
from strata.warehouse.files import point, private_files, sync_tree
from strata.warehouse.lock import lock
from strata.warehouse.releases import Release, Warehouse

MANIFEST = "manifest.json"
UNASSIGNED = "unassigned"
# In the order of a list's columns; the currency is that of the amount before it.
COLUMNS = """
    actions.due_date, actions.channel, details.customer_name, details.phone, details.email,
    details.city, segments.tier_name_en as tier,
    segments.lifecycle_stage_name_en as lifecycle_stage,
    segments.rfm_segment_name_en as rfm_segment, segments.last_order_date,
    segments.net_revenue_amount_365d, cast($currency as varchar) as currency, actions.reason_en,
    actions.reason_zh, stages.reason_en as stage_reason_en, stages.reason_zh as stage_reason_zh,
    actions.content_en, actions.content_zh, actions.playbook_key,
    actions.step_number, actions.owner_id, owners.owner_name, actions.customer_id,
    actions.entered_date, actions.action_id
"""


@dataclass(frozen=True)
class Export:
    """The lists of one release in one folder; `manifest` is its manifest.json."""

    folder: Path
    manifest: dict[str, Any]
    owner: str | None = None


def export(warehouse: Warehouse, lists: Path, owner: str | None) -> Export:
    """Write the lists of the current release into a new folder below `lists`.

    Actions handed out on an earlier date are left out. The folder appears whole or not at all.
    `current` below `lists` leads to the newest complete export. An owner's lists have a folder of
    their own. Raises StrataError if there is no release or no such owner, LockHeld if another
    export is at work.
    """
    release = warehouse.need_current()
    with (
        lock(warehouse.folder / ".export.lock", "export"),
        private_files(),
        connect() as connection,
    ):
        log = ExportLog(connection, warehouse.folder)
        log.settle()
        held_back = _select(connection, release, log, owner)
        lists.mkdir(parents=True, exist_ok=True)
        for left in lists.glob(".part-*"):
            shutil.rmtree(left)
        name = release.build_id if owner is None else f"{release.build_id}-{_slug(owner)}"
        part = lists / f".part-{name}"
        part.mkdir()
        manifest = {
            "build_id": release.build_id,
            "as_of_date": release.as_of_date.isoformat(),
            "actions_listed_before": held_back,
            "customers_left_out": _left_out(connection, owner),
            "files": _write(connection, part),
        }
        (part / MANIFEST).write_text(
            json.dumps(manifest, indent=2, ensure_ascii=False), encoding="utf-8"
        )
        sync_tree(part)
        folder = _place(lists, name, part)
        log.note("listed", release.as_of_date, release.build_id, folder)
        if folder.exists():
            shutil.rmtree(part)
        else:
            part.rename(folder)
        if owner is None:
            point(lists / "current", folder.name)
        log.settle()
    return Export(folder, manifest, owner)


def _select(
    connection: duckdb.DuckDBPyConnection, release: Release, log: ExportLog, owner: str | None
) -> int:
    """Make table `listed`; return how many actions are left out since they were listed before."""
    connection.execute(f"attach {quoted(release.public)} as public (read_only)")
    connection.execute(f"attach {quoted(release.private)} as private (read_only)")
    if owner is not None:
        _need_owner(connection, owner)
    connection.execute(
        f"""
        create temp table listed as
        select {COLUMNS}
        from public.main.playbook_actions as actions
        left join public.main.customer_segments as segments
            on actions.customer_id = segments.customer_id
        -- Why the stage: "at risk" alone sends nobody to the phone.
        left join public.main.customer_segment_reasons as stages
            on actions.customer_id = stages.customer_id and stages.rule_set = 'lifecycle'
        left join private.restricted.customer_contact_details as details
            on actions.customer_id = details.customer_id
        left join private.restricted.playbook_owners as owners
            on actions.owner_id = owners.owner_id
        where actions.is_active and ($owner is null or actions.owner_id = $owner)
        """,
        {"owner": owner, "currency": release.currency},
    )
    again = f"delete from listed where action_id in ({log.not_again(release.as_of_date)})"
    return int(first_row(connection, again)[0])


def _need_owner(connection: duckdb.DuckDBPyConnection, owner: str) -> None:
    """Refuse an owner whom nobody knows; the CRM may name others than those of the playbooks."""
    known = connection.execute(
        """
        select owner_id from private.restricted.playbook_owners
        union
        select owner_id from public.main.playbook_actions where owner_id is not null
        order by owner_id
        """
    ).fetchall()
    if (owner,) not in known:
        there = ", ".join(name for (name,) in known) or "nobody"
        raise StrataError(f"no owner {owner}; there: {there}")


def _left_out(connection: duckdb.DuckDBPyConnection, owner: str | None) -> dict[str, int]:
    """Return how many customers in an audience are not contacted, by reason."""
    return dict(
        connection.execute(
            """
            select suppression_reason, count(distinct customer_id)
            from public.main.playbook_members
            where is_active and not is_contactable and ($owner is null or owner_id = $owner)
            group by suppression_reason
            order by suppression_reason
            """,
            {"owner": owner},
        ).fetchall()
    )


def _write(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[dict[str, Any]]:
    """Write the files of each playbook and owner, who may be None; return what they hold."""
    groups = connection.execute(
        "select distinct playbook_key, owner_id from listed order by all nulls last"
    ).fetchall()
    files: list[dict[str, Any]] = []
    for playbook, owner in groups:
        connection.execute(
            """
            create or replace temp table one_list as
            select * from listed
            where playbook_key = ? and owner_id is not distinct from ?
            order by due_date, net_revenue_amount_365d desc nulls last, action_id
            """,
            [playbook, owner],
        )
        stem = f"{_slug(playbook)}__{_slug(owner or UNASSIGNED)}"
        machine = folder / f"{stem}.parquet"
        connection.execute(f"copy one_list to {quoted(machine)} (format parquet)")
        people = folder / f"{stem}.csv"
        rows = _write_csv(connection, people)
        for path in (people, machine):
            content = path.read_bytes()
            files.append(
                {
                    "file": path.name,
                    "playbook_key": playbook,
                    "owner_id": owner,
                    "rows": rows,
                    "bytes": len(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                }
            )
    return files


def _write_csv(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Write table `one_list` as CSV that a spreadsheet opens as UTF-8 and never runs."""
    cursor = connection.execute("from one_list")
    names = [column[0] for column in cursor.description or []]
    rows = 0
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        stream.write(line(names))
        while batch := cursor.fetchmany(10_000):
            stream.writelines(map(line, batch))
            rows += len(batch)
    return rows


def _place(lists: Path, name: str, part: Path) -> Path:
    """Return where an export belongs: an older folder if it says the same, else an unused name."""
    said = (part / MANIFEST).read_bytes()
    folder, number = lists / name, 1
    while folder.exists():
        manifest = folder / MANIFEST
        if manifest.is_file() and manifest.read_bytes() == said:
            break
        number += 1
        folder = lists / f"{name}-{number}"
    return folder


def _slug(key: str) -> str:
    """Return a key as part of a file name; keys that differ stay different."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", key)
    return plain if plain == key else f"{plain}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
