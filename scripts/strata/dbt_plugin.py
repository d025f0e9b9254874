"""dbt-duckdb plugin: the Python functions that the cleaning macros call on DuckDB.

Only what a library does better than SQL: phone numbers (phonenumbers), Unicode normalisation
(unicodedata), Chinese scripts (OpenCC) and the reading of raw files. Other engines bring their own
in `macros/engine/`.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Callable
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

from strata.company.checks import company_problems
from strata.errors import StrataError
from strata.intake.contract import declared
from strata.intake.files import relation
from strata.intake.raw import raw_texts
from strata.seeds import read_seeds
from strata.settings import FILE, read_settings

# Zero-width and byte-order marks: invisible, and different from an equal-looking text without them.
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def normalise_unicode(value: str) -> str:
    """Return the NFKC form without invisible characters (full-width digits become ASCII)."""
    return unicodedata.normalize("NFKC", value).translate(INVISIBLE)


def matches_pattern(value: str, pattern: str) -> bool:
    """Return whether a regular expression matches anywhere in the text."""
    return re.search(pattern, value) is not None


def simplified_chinese(value: str) -> str:
    """Return the text with traditional Chinese characters made simplified (張 becomes 张)."""
    return str(_simplifier().convert(value))


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def phone_e164(value: str | None, default_country: str) -> str | None:
    """Return the first usable number in a text as E.164 (`+8613812345678`), or None.

    `default_country` is the ISO 3166 code assumed for numbers without a country prefix. Whatever
    else the text holds (an extension, a second number, a name) is left out: `phone_rest` tells.
    """
    return None if value is None else _first_phone(value, default_country)[0]


def phone_rest(value: str, default_country: str) -> bool:
    """Return whether `phone_e164` leaves out a letter or digit that is no mere label (`tel:`)."""
    return _first_phone(value, default_country)[1]


@lru_cache(maxsize=100_000)
def _first_phone(value: str, default_country: str) -> tuple[str | None, bool]:
    """Return the first usable number as E.164, and whether anything else stands in the text."""
    text = _FRACTION.sub("", value)
    number = _parsed(text, default_country)
    if number is not None:
        return _e164(number), number.extension is not None or _says_something(text, letters=True)
    match = next(iter(phonenumbers.PhoneNumberMatcher(text, default_country)), None)
    if match is not None:
        around = f"{text[: match.start]} {text[match.end :]}"
        return _e164(match.number), match.number.extension is not None or _says_something(around)
    # 021-62345678-8001, or two numbers that are themselves written in groups.
    ends = [group.start() for group in _GROUP.finditer(text)]
    for end in reversed(ends):
        number = _parsed(text[:end], default_country)
        if number is not None:
            return _e164(number), True
    return None, True


# A spreadsheet's 13800138000.0.
_FRACTION = re.compile(r"(?<=\d)\.0+$")
_GROUP = re.compile(r"[-\s/*]+\d")
_LABEL = re.compile(
    r"telephone|tel|mobile|phone|cell|fax|手机号码|手机号|手机|电话号码|电话|座机|固话|联系方式|联系"
)


def _parsed(text: str, default_country: str) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, default_country)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _says_something(text: str, *, letters: bool = False) -> bool:
    """Return whether a letter or digit (or only `letters`) stands in a text beside labels."""
    rest = _LABEL.sub("", text.lower())
    return any(sign.isalpha() if letters else sign.isalnum() for sign in rest)


def raw_files(folder: str) -> list[str]:
    """Return the files of a folder in order, whatever characters its name has."""
    path = Path(folder)
    return sorted(str(file) for file in path.iterdir()) if path.is_dir() else []


def seed_rows(shipped: str, own: str) -> list[str]:
    """Return the rows of a seed, changed by those of a company's file, as JSON objects.

    `shipped` and `own` are the paths of both files; an empty cell is null.
    """
    project, folder = Path(shipped).parents[2], Path(own).parent
    seed = read_seeds(project, folder.parent, (folder.name,))[Path(own).stem]
    rows = ({name: text or None for name, text in row.cells.items()} for row in seed.rows)
    return [json.dumps(row, ensure_ascii=False) for row in rows]


def problems(folder: str, shipped: str) -> list[str]:
    """Return what is wrong with a company's folder or with the forms of files that it declares."""
    found = company_problems(folder, shipped)
    if not found and (Path(folder) / FILE).is_file():
        try:
            declared(Path(shipped), read_settings(Path(folder), Path(shipped)).variables)
        except StrataError as error:
            found.append(str(error))
    return found


def register_functions(connection: DuckDBPyConnection) -> None:
    """Create the functions `strata_…` on a connection."""
    functions: list[tuple[str, Callable[..., Any], int, str]] = [
        ("phone_e164", phone_e164, 2, "VARCHAR"),
        ("normalise_unicode", normalise_unicode, 1, "VARCHAR"),
        ("simplified_chinese", simplified_chinese, 1, "VARCHAR"),
        ("matches_pattern", matches_pattern, 2, "BOOLEAN"),
        ("phone_rest", phone_rest, 2, "BOOLEAN"),
        ("raw_files", raw_files, 1, "VARCHAR[]"),
        ("raw_relation", relation, 2, "VARCHAR"),
        ("raw_texts", raw_texts, 3, "VARCHAR[]"),
        ("seed_rows", seed_rows, 2, "VARCHAR[]"),
        ("company_problems", problems, 2, "VARCHAR[]"),
    ]
    for name, function, texts, kind in functions:
        # DuckDB refuses a null result of a function that leaves nulls to it.
        nulls = (
            FunctionNullHandling.SPECIAL if function is phone_e164 else FunctionNullHandling.DEFAULT
        )
        connection.create_function(
            f"strata_{name}", function, ["VARCHAR"] * texts, kind, null_handling=nulls
        )


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
