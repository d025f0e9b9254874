"""An explanation as text, in English or Chinese."""

from __future__ import annotations

from typing import Any

from strata.catalogue import knows, say
from strata.explain.read import SECTIONS, Row

# Kinds of labels in the order in which they are told.
KINDS = ("lifecycle", "tier", "health_band", "matrix", "tag")


def as_text(told: Row, language: str = "en") -> str:
    """Return what `read` returns as lines; `language` is en or zh."""
    lines = [say("explain.customer", language, it=told)]
    if told["asked_id"] != told["customer_id"]:
        lines.append(say("explain.retired", language, it=told))
    labels = [row for kind in KINDS for row in told["labels"] if row["rule_set"] == kind]
    sentences = {
        name: [say(f"explain.{name}", language, row=row, **_words(row, language)) for row in rows]
        for name, rows in (told | {"labels": labels}).items()
        if name in SECTIONS
    }
    sentences["outlook"] = told["outlook"]["sentences"].get(language, [])
    for name, said in sentences.items():
        if said:
            title = say(f"explain.title.{name}", language)
            lines += ["", title, *(f"  {sentence}" for sentence in said)]
    return "\n".join(lines)


def _words(row: Row, language: str) -> dict[str, Any]:
    """Return the names of the keys in a row, and what is known of a record."""

    def named(area: str, column: str) -> str:
        keys = str(row.get(column)).split(" + ")  # a value may be joined of several
        names = (f"explain.{area}.{key}" for key in keys)
        return " + ".join(
            say(name, language) if knows(name) else key
            for name, key in zip(names, keys, strict=True)
        )

    known = (row.get(name) for name in ("customer_name", "email", "phone", "city"))
    return {
        "known": [str(value) for value in known if value is not None],
        "system": named("system", "source_system"),
        "detail": named("detail", "identifier_type" if "identifier_type" in row else "field"),
        "reason": named("blocked_reason", "blocked_reason"),
        "method": named("method", "method"),
        "kind": named("kind", "rule_set"),
    }
