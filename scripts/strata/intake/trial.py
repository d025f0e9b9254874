"""Running the first step of a build on a raw folder, to see what would become of its rows."""

from __future__ import annotations

import tempfile
from pathlib import Path

from strata.intake import rows
from strata.warehouse.dbt_run import DbtRun
from strata.warehouse.files import private_files


def try_rows(project: Path, raw: Path) -> rows.Input:
    """Stage the raw files in a folder that nobody else can read and that is gone afterwards.

    Raises StrataError if dbt cannot start its work, BuildFailed if a model or a test of a seed
    fails.
    """
    with tempfile.TemporaryDirectory(prefix="strata-check-") as name, private_files():
        run = DbtRun(project, Path(name), {"raw_data_dir": str(raw.resolve())})
        (run.folder / "logs").mkdir()
        (run.folder / "tmp").mkdir()
        run.read_input()
        return rows.read(run.database)
