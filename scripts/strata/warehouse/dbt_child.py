"""The process that runs dbt for a build: `python -m strata.warehouse.dbt_child COMMANDS_AS_JSON`.

It talks to its parent in JSON lines on stdout; whatever dbt itself prints goes to stderr. Between
two steps it closes the database and waits for a line on stdin. It ends as soon as its stdin closes,
so that a killed build leaves no dbt behind.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any, TextIO

FAILED = ("error", "fail", "runtime error", "partial success")


def main() -> int:
    """Run dbt; return 0 if the end was reported to the parent."""
    reports = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    go_on = threading.Semaphore(0)
    threading.Thread(target=_follow_parent, args=[go_on], daemon=True).start()
    for report in _work(json.loads(sys.argv[1]), reports, go_on):
        _report(reports, **report)
    return 0


def _work(
    commands: dict[str, Any], reports: TextIO, go_on: threading.Semaphore
) -> Iterator[dict[str, Any]]:
    """Do the steps one after the other; yield what there is to report, the end as well."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    def on_event(event: Any) -> None:
        if event.info.name in ("NodeStart", "LogHookStartLine"):
            node = event.data.node_info
            _report(reports, start=node.resource_type)

    outcome = dbtRunner().invoke(commands["parse"])
    if outcome.exception is not None:
        yield _error(outcome.exception)
        return
    yield {"parsed": True}
    os.environ.update(commands["environment"])
    runner = dbtRunner(manifest=outcome.result, callbacks=[on_event])
    for number, step in enumerate(commands["steps"]):
        if number:
            DuckDBConnectionManager.env().close()
            yield {"finished": number}
            go_on.acquire()
        outcome = runner.invoke(step)
        if outcome.exception is not None:
            yield _error(outcome.exception)
            return
        results = getattr(outcome.result, "results", [])
        failures = [_failure(result) for result in results if str(result.status) in FAILED]
        if failures:
            break
    yield {"failures": failures}


def _error(error: BaseException) -> dict[str, Any]:
    return {"error": str(getattr(error, "msg", "") or error)}


def _follow_parent(go_on: threading.Semaphore) -> None:
    while os.read(0, 1):
        go_on.release()
    os._exit(1)


def _failure(result: Any) -> dict[str, str]:
    node = result.node
    return {
        "name": node.name,
        "kind": str(node.resource_type),
        "path": node.original_file_path,
        "message": result.message or "",
        "finding_column": dict(node.config.meta or {}).get("finding_column", ""),
        "sql": getattr(node, "compiled_code", None) or "",
    }


def _report(stream: TextIO, **message: object) -> None:
    stream.write(json.dumps(message, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
