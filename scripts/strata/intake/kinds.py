"""File format by the first bytes, if the name suggests another."""

from __future__ import annotations

import zipfile
from importlib.resources import files
from pathlib import Path

import yaml

from strata.errors import StrataError

SUFFIXES = (".parquet", ".csv", ".xlsx")
# Files that people take for one that can be read: a build says what they are.
UNREADABLE_SUFFIXES = (
    *(".gz", ".zip", ".bz2", ".xz", ".zst", ".7z", ".rar"),
    *(".xls", ".xlsb", ".xlsm", ".ods", ".numbers", ".html", ".htm"),
    *(".txt", ".tsv", ".json", ".jsonl", ".xml", ".feather", ".orc"),
)
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
COMPRESSED = "a compressed file ({}); unpack it and put the file that is in it here"
AS_WORKBOOK = "open it in a spreadsheet program and save it as .xlsx"
PARQUET, ZIP = b"PAR1", b"PK\x03\x04"
STARTS: dict[str, str] = yaml.safe_load(
    (files("strata.intake") / "kinds.yml").read_text(encoding="utf-8")
)


def refuse_other_kind(path: Path) -> None:
    """Raise StrataError if a file is not what its name says: what it is and what to do."""
    suffix = path.suffix.lower()
    with path.open("rb") as file:
        start = file.read(4096)
    found = _kind(path, start, suffix)
    if found is None and suffix not in SUFFIXES:
        found = f"not a {', '.join(SUFFIXES)} file; save it as one of these"
    if found is not None:
        raise StrataError(f"{path}: {found}")


def _kind(path: Path, start: bytes, suffix: str) -> str | None:
    for magic, what in STARTS.items():
        # `Rar!`, `ORC` and the like may begin a heading, a zero byte never does.
        if start.startswith(magic.encode("latin-1")) and (suffix != ".csv" or not _is_text(start)):
            return what
    if start.startswith(OLD_EXCEL):
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            return "a workbook with a password; save it without one"
        return f"an old Excel workbook (.xls) or another Office file; {AS_WORKBOOK}"
    if start.startswith(ZIP):
        return _zip(path, suffix)
    if start.startswith(PARQUET) and suffix != ".parquet":
        return None if _is_text(start) else "a Parquet file; name it .parquet"
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return (
            "a web page or XML, whatever its name says; open it in a spreadsheet program and save "
            "it as .xlsx or CSV UTF-8"
        )
    if suffix in (".xlsx", ".parquet") and _is_text(start) and not start.startswith(PARQUET):
        return f"a text, not a {suffix} file; name it .csv if it is one"
    return None


def _is_text(start: bytes) -> bool:
    return b"\0" not in start and not any(byte < 9 or 13 < byte < 27 for byte in start)


def _zip(path: Path, suffix: str) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return None if suffix == ".xlsx" else COMPRESSED.format("ZIP, damaged")
    if "xl/workbook.bin" in names:
        return f"a binary workbook (.xlsb); {AS_WORKBOOK}"
    if any(name.startswith("xl/") for name in names):
        return None if suffix == ".xlsx" else "an Excel workbook; save or name it as .xlsx"
    if "content.xml" in names and "mimetype" in names:
        return f"an OpenDocument file (.ods); {AS_WORKBOOK}"
    if any(name.startswith("Index/") for name in names):
        return "a Numbers document; export it as .xlsx"
    return COMPRESSED.format("ZIP")
