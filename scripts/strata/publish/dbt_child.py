"""The process that runs dbt for a build: `python -m strata.publish.dbt_child COMMANDS_AS_JSON`.

It talks to its parent in JSON lines on stdout; whatever dbt itself prints goes to stderr. It ends
as soon as its stdin closes, so that a killed build leaves no dbt behind.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any, TextIO


def main() -> int:
    """Run dbt; return 0 if the end was reported to the parent."""
    reports = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)
    threading.Thread(target=_end_with_parent, daemon=True).start()

    from dbt.cli.main import dbtRunner

    def on_event(event: Any) -> None:
        if event.info.name in ("NodeStart", "LogHookStartLine"):
            node = event.data.node_info
            _report(reports, start=node.resource_type, path=node.node_path)

    commands = json.loads(sys.argv[1])
    outcome = dbtRunner().invoke(commands["parse"])
    if outcome.exception is None:
        _report(reports, parsed=True)
        os.environ.update(commands["environment"])
        runner = dbtRunner(manifest=outcome.result, callbacks=[on_event])
        outcome = runner.invoke(commands["run"])
    if outcome.exception is not None:
        error = outcome.exception
        _report(reports, error=str(getattr(error, "msg", "") or error))
        return 0
    results = getattr(outcome.result, "results", [])
    _report(reports, failures=[_failure(result) for result in results if _has_failed(result)])
    return 0


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)


def _has_failed(result: Any) -> bool:
    return str(result.status) in ("error", "fail", "runtime error", "partial success")


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
