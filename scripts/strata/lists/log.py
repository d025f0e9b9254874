"""Which actions were ever handed out, and on which as_of_date first; kept beside the releases.

Lists and log cannot be written in one step. So what is about to be handed out is noted as pending,
then the lists appear, then the note joins the log. An export that was killed leaves the note; the
next one adds it to the log if the lists did appear, and drops it otherwise.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from strata.sql import quoted
from strata.warehouse.files import sync, written_whole


class ExportLog:
    """The log in a warehouse folder; only for the holder of the export lock.

    Columns: action_id, as_of_date (when it was listed first), build_id, folder (of its lists). Each
    export also leaves a row without an action_id, which tells its date even if it listed nothing.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
        self.connection = connection
        self.path = warehouse / "export_log.parquet"
        self.pending = warehouse / "export_log.pending.parquet"

    def settle(self) -> None:
        """Take the pending note into the log, or drop it if its lists never appeared."""
        if not self.pending.is_file():
            return
        noted = f"from {_file(self.pending)} as noted"
        folders = self.connection.execute(f"select distinct folder {noted}").fetchall()
        if all(Path(folder).is_dir() for (folder,) in folders):
            known = f"from {_file(self.path)} as known"
            is_new = f"not exists ({known} where known.action_id = noted.action_id)"
            query = f"{noted} where {is_new} union all {known}" if self.path.is_file() else noted
            self._write(query, self.path)
        self.pending.unlink()
        sync(self.pending.parent)

    def note(self, actions: str, as_of_date: date, build_id: str, folder: Path) -> None:
        """Note the actions in table `actions`, whose lists are about to appear as `folder`."""
        columns = f"date '{as_of_date}' as as_of_date, {quoted(build_id)} as build_id"
        place = f"{quoted(folder.resolve())} as folder"
        ids = f"(select action_id from {actions} union select cast(null as varchar))"
        self._write(f"select action_id, {columns}, {place} from {ids}", self.pending)

    def not_again(self, as_of_date: date) -> str:
        """Return a query for the actions that a release of this date must not list again.

        Those are the ones first listed on an earlier date; and every one that was ever listed, if
        lists of a later date are already out (the release is back by a rollback).
        """
        if not self.path.is_file():
            return "select null as action_id where false"
        log = _file(self.path)
        return f"""
            select action_id from {log}
            where action_id is not null and (
                as_of_date < date '{as_of_date}'
                or date '{as_of_date}' < (select max(as_of_date) from {log})
            )
        """

    def _write(self, query: str, path: Path) -> None:
        with written_whole(path) as part:
            self.connection.execute(f"copy ({query}) to {quoted(part)} (format parquet)")


def _file(path: Path) -> str:
    return f"read_parquet({quoted(path)})"
