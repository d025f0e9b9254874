"""dbt-duckdb plugin: the Python functions that the cleaning macros call on DuckDB.

Only what a library does better than SQL: phone numbers (phonenumbers), Unicode normalisation
(unicodedata), Chinese scripts (OpenCC) and the reading of raw files. Other engines bring their own
in `macros/engine/`.
"""

from __future__ import annotations

import os
import re
import unicodedata
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

import opencc
import phonenumbers
from dbt.adapters.duckdb.plugins import BasePlugin
from dbt.flags import get_flags
from duckdb import DuckDBPyConnection
from duckdb.func import FunctionNullHandling

from strata.intake.files import relation
from strata.intake.raw import raw_texts

# Zero-width and byte-order marks: invisible, and different from an equal-looking text without them.
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def normalise_unicode(value: str) -> str:
    """Return the NFKC form without invisible characters (full-width digits become ASCII)."""
    return unicodedata.normalize("NFKC", value).translate(INVISIBLE)


def matches_pattern(value: str, pattern: str) -> bool:
    """Return whether a regular expression matches anywhere in the text."""
    return _compiled(pattern).search(value) is not None


@lru_cache(maxsize=1_000)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def simplified_chinese(value: str) -> str:
    """Return the text with traditional Chinese characters made simplified (張 becomes 张)."""
    return str(_simplifier().convert(value))


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=100_000)
def phone_e164(value: str | None, default_country: str) -> str | None:
    """Return the number as E.164 (`+8613812345678`), or None if it is no valid phone number.

    `default_country` is the ISO 3166 code assumed for numbers without a country prefix.
    """
    if value is None:
        return None
    try:
        number = phonenumbers.parse(value, default_country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def raw_files(folder: str) -> list[str]:
    """Return the files of a folder in order, whatever characters its name has."""
    path = Path(folder)
    return sorted(str(file) for file in path.iterdir()) if path.is_dir() else []


def register_functions(connection: DuckDBPyConnection) -> None:
    """Create the functions `strata_…` on a connection."""
    connection.create_function(
        "strata_normalise_unicode", normalise_unicode, ["VARCHAR"], "VARCHAR"
    )
    connection.create_function(
        "strata_simplified_chinese", simplified_chinese, ["VARCHAR"], "VARCHAR"
    )
    connection.create_function(
        "strata_matches_pattern", matches_pattern, ["VARCHAR", "VARCHAR"], "BOOLEAN"
    )
    # DuckDB refuses a null result of a function that leaves nulls to it.
    connection.create_function(
        "strata_phone_e164",
        phone_e164,
        ["VARCHAR", "VARCHAR"],
        "VARCHAR",
        null_handling=FunctionNullHandling.SPECIAL,
    )
    connection.create_function("strata_raw_files", raw_files, ["VARCHAR"], "VARCHAR[]")
    connection.create_function("strata_raw_relation", relation, ["VARCHAR", "VARCHAR"], "VARCHAR")
    connection.create_function("strata_raw_texts", raw_texts, ["VARCHAR"] * 3, "VARCHAR[]")


class Plugin(BasePlugin):  # type: ignore[misc]  # dbt-duckdb ships no types
    """Registers the functions on every connection that dbt opens, and keeps its files private."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Keep what dbt writes from now on, and its database and log, from other users.

        Called before the database is opened. The database, what DuckDB writes beside it and the log
        hold personal data.
        """
        os.umask(os.umask(0o077) | 0o077)
        log = Path(getattr(get_flags(), "LOG_PATH", None) or "logs") / "dbt.log"
        for path in (Path(self.creds.path) if self.creds else log, log):
            with suppress(OSError):  # none yet, or another user's
                path.chmod(0o600)

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Create the functions."""
        register_functions(conn)
