"""Encodings: declared, never guessed, and named in the refusal."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from strata.errors import StrataError
from strata.intake.files import open_file, relation
from strata.intake.form import Form, read_form
from strata.intake.text import check_text

CHINESE = ["张伟", "李娜", "欧阳修", "上海", "杭州市", "陈建国"]
TAIWANESE = ["張偉", "歐陽修", "臺北", "高雄市", "陳建國"]
WESTERN = ["Müller", "François", "José Peña", "Jürgen", "Málaga", "Noël"]
EASTERN = ["Łukasz", "Wiśniewski", "Małgorzata", "Dvořák", "Čermák", "Szűcs"]

SEEN: list[tuple[list[str], str, str]] = [
    (CHINESE, "gb18030", "it looks like GB18030;"),
    (TAIWANESE, "big5", "it looks like Big5;"),
    (["山田太郎", "さくら", "カタカナ", "東京"], "cp932", "it looks like Shift-JIS;"),
    (["김철수", "이영희", "서울", "박지성"], "cp949", "it looks like EUC-KR;"),
    (["Иванов", "Смирнова", "Москва"], "cp1251", "it looks like Windows-1251;"),
    (EASTERN, "cp1250", "it looks like Windows-1250;"),
    # One byte may be one letter here and another there; none of them is taken for Chinese.
    (WESTERN, "latin-1", "it looks like Latin-1 (Windows-1252)"),
    (WESTERN, "mac_roman", "Mac Roman"),
]


def write(path: Path, words: list[str], encoding: str) -> Path:
    lines = ["order_id,customer_name", "0,Ann Smith", *(f"{n},{w}" for n, w in enumerate(words))]
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


@pytest.mark.parametrize(("words", "encoding", "phrase"), SEEN)
def test_the_refusal_names_what_was_found(
    words: list[str], encoding: str, phrase: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", words, encoding)
    with pytest.raises(StrataError) as error:
        check_text(path)
    message = str(error.value)
    assert message.startswith(f"{path} line 3: not UTF-8, it looks like ")
    assert phrase in message
    assert "save the file as CSV UTF-8, or declare `encoding: " in message
    assert ("GB18030" in message) == (encoding == "gb18030")


@pytest.mark.parametrize(
    ("words", "encoding", "declared"),
    [
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gbk", "gb2312"),  # the narrower name for what programs write
        (WESTERN, "cp1252", "latin-1"),
        (WESTERN, "mac_roman", "mac_roman"),
        (TAIWANESE, "big5", "Big5"),
        (WESTERN, "utf-16", "utf-16"),
        (CHINESE, "utf-16-be", "utf-16-be"),
        (CHINESE, "utf-8-sig", "UTF8"),
    ],
)
def test_a_declared_encoding_is_read(
    words: list[str], encoding: str, declared: str, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", words, encoding)
    sql = relation(str(path), f'{{"encoding": "{declared}"}}')
    found = duckdb.sql(f"select customer_name from {sql}").fetchall()
    assert [name for (name,) in found] == ["Ann Smith", *words]


def test_the_copy_of_a_file_follows_its_changes_and_has_no_name(tmp_path: Path) -> None:
    form = Form(encoding="gb18030")
    with duckdb.connect() as connection:
        for words in (CHINESE, CHINESE[:2]):
            source = open_file(connection, write(tmp_path / "a.csv", words, "gb18030"), form)
            rows = connection.execute(f"from {source.relation}").fetchall()
            assert len(rows) == len(words) + 1
    number = re.search(r"/dev/fd/(\d+)", source.relation)
    assert number is not None
    assert Path(f"/dev/fd/{number[1]}").stat().st_nlink == 0


WRONG: list[tuple[bytes, dict[str, str], str]] = [
    ("a\n张\n".encode(), {"encoding": "cp1252"}, "is UTF-8, while `encoding: cp1252`"),
    (
        "张伟\n李娜\n".encode() + b"M\xfcller\n",
        {},
        "line 3: not UTF-8, unlike most lines, .*Latin-1",
    ),
    ("张伟\n李娜\n".encode() + b"M\xfcller\n", {"encoding": "cp1252"}, "is UTF-8, while"),
    ("a\nb\nМ\n".encode("cp1251"), {"encoding": "gb18030"}, "line 3: not gb18030"),
    (b"a\n1\n", {"encoding": "chinese-ish"}, "unknown encoding chinese-ish"),
    (b"a\n1\n", {"encoding": "rot13"}, "unknown encoding rot13"),
    (b"a\n1\n", {"decimal": ";"}, 'decimal is ;; write "." or ","'),
    (b"a\n1\n", {"thousands": "_"}, "thousands is _"),
    (b"a\n1\n", {"thousands": "."}, "decimal and thousands are both ."),
    ("a\n1\n".encode("utf-16"), {}, "written as UTF-16; save the file as CSV UTF-8, or declare"),
    ("a,b\n1,2\n".encode("utf-16-le"), {}, "looks like UTF-16; save .* `encoding: utf-16-le`"),
    (b"a\n" + b"1234567\n" * 200_000 + b"5\0\n", {}, "line 200002: a zero byte"),
    (b"a\r" + b"1234567\r" * 200_000 + b"5\0\r", {}, "line 200002: a zero byte"),
    (
        "a\n".encode("gbk") + b"1\n" * 9 + "张\0\n".encode("gbk"),
        {"encoding": "gbk"},
        "line 11: a z",
    ),
]


@pytest.mark.parametrize("case", range(len(WRONG)))
def test_wrong_text_or_declaration_gets_one_line(case: int, tmp_path: Path) -> None:
    data, options, message = WRONG[case]
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(StrataError, match=message) as error, duckdb.connect() as connection:
        form = read_form(str(path), options)
        source = open_file(connection, path, form)
        check_text(source.path)
    assert "\n" not in str(error.value)
    assert str(path) in str(error.value)
