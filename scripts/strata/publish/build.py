"""`strata build`: build aside, audit, copy, swap."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from strata import __version__
from strata.company.checks import dbt_folder
from strata.errors import BuildFailed, StrataError
from strata.intake import rows
from strata.intake.check import inspect
from strata.policy.lint import refuse_errors
from strata.project import Project
from strata.publish import figures, tables
from strata.publish.audit import warm_up
from strata.publish.guards import Guards, Options, refuse_earlier
from strata.publish.summary import SUMMARISED
from strata.seeds import PRIVATE_SEEDS, keep_seeds
from strata.warehouse.dbt_run import DbtRun
from strata.warehouse.files import open_to_readers, private_files, sync_tree, written_whole
from strata.warehouse.lock import lock
from strata.warehouse.progress import Progress
from strata.warehouse.releases import MARKER, PRIVATE, PUBLIC, Release, Warehouse


def build(project: Project, options: Options) -> Release:
    """Build and publish a release; on any error the current release stays as it was.

    Raises StrataError if the input or an option is wrong, BuildFailed if a model, a test or a law
    of the audit failed, GuardTripped if a limit is passed, LockHeld if another build is at work in
    the same folder.
    """
    place = dbt_folder(project)
    policy = project.policy(options.policy)
    refuse_errors(project)
    if problems := inspect(options.raw).problems:
        raise StrataError("\n  ".join(problems))
    warehouse = Warehouse(options.out)
    warehouse.create()
    with lock(warehouse.folder / ".lock", "build") as held:
        current = warehouse.current()
        if options.as_of is not None:
            refuse_earlier(options.as_of, current)
        warehouse.clear_dead_builds()
        with private_files() as mask:
            folder = warehouse.new_folder()
            progress = Progress(folder / "logs" / "strata.log")
            variables = {"raw_data_dir": str(options.raw.resolve()), "segmentation_policy": policy}
            if options.as_of is not None:
                variables["as_of_date"] = options.as_of.isoformat()
            try:
                run = DbtRun(place, folder, variables, options.threads)
                keep_seeds(project.folder, project.company_folder, folder)
                # The settings of the release, stored because the checkout may change.
                kept = {"policy_key": policy, "vars": project.variables | variables}
                info = _make(run, kept, current, options, progress, held)
            except BaseException as error:
                warehouse.put_aside(folder)
                if isinstance(error, StrataError):
                    error.args = (f"{error}\n  the logs are in {warehouse.failed / 'logs'}",)
                raise
        open_to_readers(folder, mask, private=frozenset([PRIVATE, *PRIVATE_SEEDS]))
        sync_tree(folder)
        progress.phase("swap")
        with written_whole(folder / MARKER) as part:
            part.write_text(json.dumps(info, indent=2, ensure_ascii=False), encoding="utf-8")
        warehouse.publish(folder.name)
        warehouse.prune(options.keep)
        return warehouse.need_current()


def _make(
    run: DbtRun,
    kept: dict[str, Any],
    current: Release | None,
    options: Options,
    progress: Progress,
    held: int,
) -> dict[str, Any]:
    """Fill the folder of a new release; return its release.json, which is not written yet."""
    started = datetime.now(UTC)
    temporary = run.folder / "tmp"
    temporary.mkdir()
    warm_up()
    if current is not None:
        state = [tables.Table(*place) for place in current.info["state"]]
        tables.copy(current.private, run.database, state, temporary)
    guards = Guards(current, options, progress)
    run.run(progress, held, lambda: guards.judge_input(rows.read(run.database)))

    progress.phase("audit")
    new = figures.read(run.database)
    peaks = guards.judge_figures(new, kept, run.folder / "audit")

    progress.phase("copy")
    wanted = tables.published(run.folder / "target" / "manifest.json")
    missing = set(SUMMARISED) - {table.name for table in wanted if table.is_public}
    if missing:
        raise BuildFailed(f"models without `access: public`: {', '.join(sorted(missing))}")
    copied = {
        name: tables.copy(
            run.database,
            run.folder / name,
            [table for table in wanted if table.is_public == is_public],
            temporary,
        )
        for name, is_public in ((PUBLIC, True), (PRIVATE, False))
    }
    run.database.unlink()
    shutil.rmtree(temporary)
    return {
        "build_id": run.folder.name,
        "as_of_date": new.as_of_date.isoformat(),
        **kept,
        "previous": current.build_id if current else None,
        "started_at": started.isoformat(timespec="seconds"),
        "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {"strata": __version__}
        | {name: version(name) for name in ("dbt-core", "dbt-duckdb", "duckdb")},
        "rows": copied,
        "state": [[table.schema, table.name] for table in wanted if table.is_state],
        "figures": new.as_json(),
        "peaks": peaks,
    }
