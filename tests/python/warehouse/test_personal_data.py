"""Planted names, e-mails, phones and addresses must not leave the private database."""

from __future__ import annotations

from pathlib import Path

import duckdb
import phonenumbers

from strata.warehouse.releases import Release


def _needles(sample_raw: Path) -> list[bytes]:
    """Return the canaries as written, and phones as digits alone."""
    canaries = duckdb.execute(
        "select kind, value from read_parquet(?)",
        [str(sample_raw.parent / "truth" / "canaries.parquet")],
    ).fetchall()
    needles = {value for _, value in canaries} | {value.lower() for _, value in canaries}
    for kind, value in canaries:
        if kind == "phone":
            number = phonenumbers.parse(value, "CN")
            needles.add(str(number.national_number))
    assert len(canaries) >= 4
    return [needle.encode() for needle in sorted(needles)]


def _cells(database: Path) -> bytes:
    """Return every text cell of a database in one string, as stored values are compressed."""
    with duckdb.connect(str(database), read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
        ).fetchall()
        parts: list[str] = []
        for (table,) in tables:
            for row in connection.execute(f"select * from {table}").fetchall():
                parts += [cell for cell in row if isinstance(cell, str)]
    return "\n".join(parts).lower().encode() + "\n".join(parts).encode()


def test_no_canary_is_public(sample_raw: Path, sample_release: Release) -> None:
    needles = _needles(sample_raw)
    haystacks = {"strata.duckdb": _cells(sample_release.public)}
    for file in sample_release.folder.rglob("*"):
        if file.is_file() and file.name != "private.duckdb":
            haystacks[str(file.relative_to(sample_release.folder))] = file.read_bytes()
    names = set(haystacks)
    for part in ("logs", "target", "audit"):
        assert any(name.startswith(part + "/") for name in names), f"{part} was not looked at"
    found = [
        (needle.decode(), name)
        for name, content in haystacks.items()
        for needle in needles
        if needle in content
    ]
    assert found == []


def test_the_canaries_are_there_to_be_found(sample_raw: Path, sample_release: Release) -> None:
    """Otherwise the test above could not fail."""
    private = _cells(sample_release.private)
    missing = [needle for needle in _needles(sample_raw) if needle.lower() not in private.lower()]
    assert missing == []


def test_private_database_is_its_owners_alone(sample_release: Release) -> None:
    assert sample_release.private.stat().st_mode & 0o777 == 0o400
