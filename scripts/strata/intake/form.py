"""How a file writes its text and its numbers, as a mapping or the var source_files says."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from strata.errors import StrataError
from strata.sql import quoted

OPTIONS = ("encoding", "decimal", "thousands")
# Programs write the wider code page under the narrower name.
WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
# Thousands separator -> pattern: a space may be a no-break, thin or narrow one.
THOUSANDS = {
    "": "",
    ",": ",",
    ".": r"\.",
    " ": "[ \u00a0\u2009\u202f]",
    "'": "['\u2019]",
}


@dataclass(frozen=True)
class Form:
    """The form of a file: a Python codec (empty for UTF-8), decimal mark, thousands separator."""

    encoding: str = ""
    decimal: str = "."
    thousands: str = ""

    @property
    def has_plain_numbers(self) -> bool:
        """Whether numbers are written as in `1234.50`."""
        return (self.decimal, self.thousands) == (".", "")


def read_form(place: str, options: Mapping[str, Any]) -> Form:
    """Return the form that `encoding`, `decimal` and `thousands` declare; others are ignored.

    `options` is an input of a mapping, or an entry of source_files. Raises StrataError, beginning
    with `place`, if one of them is none that can be read.
    """
    encoding = _codec(place, options["encoding"]) if "encoding" in options else ""
    decimal, thousands = options.get("decimal", "."), options.get("thousands", "")
    if decimal not in (".", ","):
        raise StrataError(f'{place}: decimal is {decimal}; write "." or ","')
    if thousands not in THOUSANDS:
        raise StrataError(
            f'{place}: thousands is {thousands}; write ",", ".", " " or "\'", or leave it out'
        )
    if decimal == thousands:
        raise StrataError(f"{place}: decimal and thousands are both {decimal}; one of them is not")
    return Form(encoding, decimal, thousands)


def plain_number(text: str, form: Form) -> str:
    """Return the SQL that writes a number text as in `1234.50`; NULL if it is not of the form."""
    mark, group = re.escape(form.decimal), THOUSANDS[form.thousands]
    whole = rf"([0-9]{{1,3}}({group}[0-9]{{3}})+|[0-9]+)" if group else "[0-9]+"
    pattern = rf"[+-]?({whole}({mark}[0-9]*)?|{mark}[0-9]+)"
    bare = f"regexp_replace({text}, {quoted(group)}, '', 'g')" if group else text
    return (
        f"case when regexp_full_match({text}, {quoted(pattern)}) "
        f"then replace({bare}, {quoted(form.decimal)}, '.') end"
    )


def _codec(place: str, name: Any) -> str:
    try:
        found = codecs.lookup(str(name))
        "".encode(found.name)  # some codecs turn bytes into bytes
    except (LookupError, ValueError):
        raise StrataError(
            f"{place}: unknown encoding {name}; write the name of a text encoding, such as "
            "gb18030, cp1252, big5 or utf-16"
        ) from None
    if found.name == "utf-8":
        return ""
    return WIDER.get(found.name, found.name)
