"""Renders a macro of the dbt project as DuckDB's SQL, to try it on rows of a test."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment

from strata.project import project_dir


class _Adapter:
    """Stands in for dbt's adapter: dispatches to DuckDB's macro, else to the default one."""

    module: Any

    def dispatch(self, name: str, package: str) -> Any:
        return getattr(self.module, f"duckdb__{name}", None) or getattr(
            self.module, f"default__{name}"
        )

    def type(self) -> str:
        return "duckdb"


class _Exceptions:
    def raise_compiler_error(self, message: str) -> None:
        raise ValueError(message)


@cache
def _macros() -> Any:
    files = [
        *sorted((project_dir() / "macros" / "engine").glob("*.sql")),
        *sorted((project_dir() / "macros" / "identity").glob("*.sql")),
    ]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    adapter = _Adapter()
    template = Environment(extensions=["jinja2.ext.do"]).from_string(text)
    names = {"adapter": adapter, "exceptions": _Exceptions(), "return": lambda value: value}
    adapter.module = template.make_module(names)
    return adapter.module


def rendered(name: str, *arguments: str, **named: str) -> str:
    """Return the SQL of a macro in `macros/identity` or `macros/engine`.

    Args:
        name: of the macro, as in `two_people_reason`.
        arguments: its arguments, as a model would pass them.
        named: its named arguments.
    """
    return str(getattr(_macros(), name)(*arguments, **named)).strip()
