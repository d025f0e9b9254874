"""The bytes of a CSV file as text: UTF-8 unless another encoding is declared, never guessed."""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO

import chardet
import yaml

from strata.errors import StrataError

DELIMITERS = (",", ";", "\t", "|")
HEADER_BYTES = 1 << 20
BLOCK_BYTES = 1 << 22
SAMPLE_WORDS = 2_000
# None of these is the second byte of a Chinese, Japanese or Korean character.
WORDS = re.compile(rb'[,;\t"\r\n ]+')
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
LATIN, OTHERS, CODECS = yaml.safe_load_all(
    (files("strata.intake") / "encodings.yml").read_text(encoding="utf-8")
)
# Guesses nearly as likely as the first are named too.
NEARLY = 0.4


def header_text(path: Path, readable: Path) -> str:
    """Return the beginning of a file as text; its bytes stand at `readable`, messages name `path`.

    Raises StrataError if it begins as UTF-16 or another binary, or the first line is not UTF-8.
    """
    with readable.open("rb") as file:
        start = os.pread(file.fileno(), HEADER_BYTES, 0)
    if start.startswith(UTF16):
        raise StrataError(f"{path}: written as UTF-16; {_way_out('utf-16')}")
    if b"\0" in start:
        _refuse_zero_byte(path, start, 1)
    # Only the first line matters here; the whole file is checked when its rows are read.
    first_line = start.splitlines(keepends=True)[0] if start else b""
    try:
        first_line.decode("utf-8")
    except UnicodeDecodeError:
        raise StrataError(_not_utf8(path, 1)) from None
    return start.decode("utf-8", errors="replace").lstrip("\ufeff")


def first_record(text: str, delimiter: str) -> list[str]:
    """Return the fields of the first CSV record; a header is never longer than the text read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return next(reader, [])
    except csv.Error:
        return []


def csv_delimiter(header: str) -> str:
    """Return the delimiter of a CSV text: the one of `, ; tab |` that splits its header most."""
    return max(DELIMITERS, key=lambda delimiter: len(first_record(header, delimiter)))


def check_text(path: Path) -> None:
    """Raise StrataError naming the first line that is not UTF-8 or holds a zero byte."""
    _decode(path, "utf-8", None)


def write_utf8(path: Path, encoding: str, target: BinaryIO) -> None:
    """Write a text of another encoding as UTF-8.

    Raises StrataError naming the first line that is not of the encoding or holds a zero byte; and
    if most lines are UTF-8, which a code page would read as other letters without an error.
    """
    if _foreign_words(path)[1]:
        raise StrataError(f"{path}: is UTF-8, while `encoding: {encoding}` is declared; remove it")
    _decode(path, encoding, target)


def _decode(path: Path, encoding: str, target: BinaryIO | None) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    line, is_first = 1, True
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK_BYTES)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                line += _line_ends(error.object[: error.start])
                if target is None:
                    raise StrataError(_not_utf8(path, line)) from None
                raise StrataError(
                    f"{path} line {line}: not {encoding}, which is declared for it"
                    f"{_guess(path)}; correct `encoding`"
                ) from None
            if "\0" in text:
                _refuse_zero_byte(path, text.encode("utf-8"), line)
            if target is not None:
                target.write((text.lstrip("\ufeff") if is_first else text).encode("utf-8"))
            if not block:
                return
            # The bytes that the decoder keeps for the next block are never line ends.
            line += text.count("\n") or text.count("\r")
            is_first = False


def _line_ends(block: bytes) -> int:
    return block.count(b"\n") or block.count(b"\r")


def _refuse_zero_byte(path: Path, block: bytes, line: int) -> None:
    if line == 1 and block[:1000].count(0) > len(block[:1000]) // 4:
        little = block[1:1000:2].count(0) > block[:1000:2].count(0)
        encoding = "utf-16-le" if little else "utf-16-be"
        raise StrataError(f"{path}: looks like UTF-16; {_way_out(encoding)}")
    line += _line_ends(block[: block.index(b"\0")])
    raise StrataError(
        f"{path} line {line}: a zero byte, so this is not a whole CSV text; export it again as "
        "CSV UTF-8"
    )


def _not_utf8(path: Path, line: int) -> str:
    likely = [CODECS.get(name, name) for name in _likely(path)]
    place = f"{path} line {line}: not UTF-8"
    if _foreign_words(path)[1]:
        return f"{place}, unlike most lines{_guess(path)}; correct it and lines like it"
    return f"{place}{_guess(path)}; {_way_out(*likely)}"


def _way_out(*encodings: str) -> str:
    declared = f"`encoding: {encodings[0]}`"
    others = f" (or {', '.join(encodings[1:])})" if encodings[1:] else ""
    return f"save the file as CSV UTF-8, or declare {declared}{others}"


def _guess(path: Path) -> str:
    """Return what the lines that are not UTF-8 look like, in words."""
    names = [(LATIN | OTHERS).get(name, name) for name in _likely(path)]
    return f", it looks like {' or '.join(names)}"


def _foreign_words(path: Path) -> tuple[list[bytes], bool]:
    """Return words that are not UTF-8, and whether fewer lines hold such than UTF-8 ones."""
    words: list[bytes] = []
    balance = 0
    with path.open("rb") as file:
        for line in file:
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                balance += 1
            except UnicodeDecodeError:
                balance -= 1
                words += [word for word in WORDS.split(line) if not word.isascii()]
            if len(words) >= SAMPLE_WORDS:
                break
    return words, balance > 0


def _likely(path: Path) -> list[str]:
    """Return the encodings that the lines which are not UTF-8 may have, the likeliest first."""
    words, _ = _foreign_words(path)
    if not words:
        return ["utf-8"]
    text = b"\n".join(words)
    candidates = LATIN if sum(byte > 127 for byte in text) < 0.45 * len(text) else OTHERS
    found = chardet.detect_all(
        text,
        ignore_threshold=True,
        compat_names=False,
        include_encodings=candidates,
        no_match_encoding=next(iter(candidates)),
    )
    least = NEARLY * found[0]["confidence"]
    likely = [str(guess["encoding"]) for guess in found if guess["confidence"] >= least]
    # Single words of Western Europe look alike in several code pages; this is the commonest.
    likely.sort(key=lambda name: name != "cp1252")
    return [name for name in likely if name in candidates] or list(candidates)
