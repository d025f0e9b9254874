"""Pairs that scoring joins and leaves apart, on published sets and on a hand-made town."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable

import pytest

from strata.errors import StrataError
from strata.learn.match import Scored, score_pairs

from .conftest import Row, Table, as_table

Pairs = dict[tuple[str, str], float]


def people(rows: Iterable[Row], **options: float) -> tuple[Table, Scored]:
    """Return the scored pairs, and what was found of people."""
    pairs, (found, organisations) = score_pairs(as_table(rows), **options)  # type: ignore[arg-type]
    assert organisations.records == 0 and organisations.compared is None
    return pairs, found


def as_pairs(table: Table) -> Pairs:
    return {
        (row["left_record_key"], row["right_record_key"]): row["match_probability"]
        for row in table.to_pylist()
    }


def quality(rows: list[Row], joined: Iterable[tuple[str, str]]) -> tuple[float, float]:
    """Return precision and F1 of the pairs in the connected components of the joined pairs."""
    parent = {row["record_key"]: row["record_key"] for row in rows}

    def find(key: str) -> str:
        while parent[key] != key:
            key = parent[key]
        return key

    for left, right in joined:
        parent[find(left)] = find(right)
    found = Counter(find(row["record_key"]) for row in rows)
    true = Counter(row["entity"] for row in rows)
    both = Counter((find(row["record_key"]), row["entity"]) for row in rows)
    found_pairs, true_pairs, right_pairs = (
        sum(number * (number - 1) // 2 for number in counts.values())
        for counts in (found, true, both)
    )
    return right_pairs / found_pairs, 2 * right_pairs / (found_pairs + true_pairs)


def matches(rows: list[Row], least: float = 0.5) -> list[tuple[str, str]]:
    """Return the pairs to merge: those from the threshold on, and those of one national id."""
    pairs, found = people(rows, least=least)
    assert found.expected_precision >= 0.99
    assert found.accepted_from >= least
    scored = as_pairs(pairs)
    first = {row["national_id"]: row["record_key"] for row in rows if row.get("national_id")}
    return [pair for pair, probability in scored.items() if probability >= found.accepted_from] + [
        (first[row["national_id"]], row["record_key"]) for row in rows if row.get("national_id")
    ]


def test_fake_1000(labelled: Callable[[str], list[Row]]) -> None:
    """Splink's demo settings reach F1 0.84; names, dates and addresses are all misspelt here."""
    rows = labelled("fake_1000")
    joined = matches(rows)
    entity = {row["record_key"]: row["entity"] for row in rows}
    assert sum(entity[left] == entity[right] for left, right in joined) >= 0.99 * len(joined)
    precision, f1 = quality(rows, joined)
    assert precision >= 0.98
    assert f1 >= 0.90


def test_febrl2_with_national_id(labelled: Callable[[str], list[Row]]) -> None:
    """One true pair in twenty has clearly different ids; only the exact rules join those."""
    rows = labelled("febrl2")
    precision, f1 = quality(rows, matches(rows))
    assert precision >= 0.999
    assert f1 >= 0.96


def test_febrl2_without_national_id(labelled: Callable[[str], list[Row]]) -> None:
    rows = [row | {"national_id": None} for row in labelled("febrl2")]
    precision, f1 = quality(rows, matches(rows))
    assert precision >= 0.998
    assert f1 >= 0.99


HARD_CASES: list[Row] = [
    # One name and nothing else.
    {"record_key": "name:1", "given_name": "thomas", "surname": "underhill", "city": "berlin"},
    {"record_key": "name:2", "given_name": "thomas", "surname": "underhill", "city": "berlin"},
    # Mixed of two people: the e-mail address of one, the name and phone of the other.
    {
        "record_key": "mixed:1",
        "given_name": "grace",
        "surname": "yarrow",
        "email": "gyarrow@example.com",
        "phone": "+493099900002",
    },
    {
        "record_key": "mixed:2",
        "given_name": "liam",
        "surname": "overton",
        "email": "loverton7@example.com",
        "phone": "+493099900003",
    },
    {
        "record_key": "mixed:3",
        "given_name": "liam",
        "surname": "overton",
        "email": "gyarrow@example.com",
        "phone": "+493099900003",
    },
]


@pytest.fixture(scope="module")
def hard_pairs(town: list[Row]) -> Pairs:
    pairs, found = people(town + HARD_CASES, min_probability=0)
    assert found.left_out == 1  # mixed:3
    return as_pairs(pairs)


def test_second_records_of_a_town_are_found(town: list[Row]) -> None:
    rows = [row | {"entity": row["record_key"][-3:]} for row in town]
    precision, f1 = quality(rows, matches(rows, least=0.8))
    assert precision == 1
    assert f1 >= 0.97


def test_name_alone_joins_nobody(hard_pairs: Pairs) -> None:
    assert ("name:1", "name:2") not in hard_pairs


def test_record_mixed_of_two_people_joins_nobody(hard_pairs: Pairs) -> None:
    assert not [pair for pair in hard_pairs if any(key.startswith("mixed") for key in pair)]


def test_same_records_in_another_order_give_the_same_pairs(town: list[Row]) -> None:
    once, again = people(town)[0], people(reversed(town))[0]
    assert once.equals(again)
    assert all(left < right for left, right in as_pairs(once))


def test_low_scores_are_left_out(town: list[Row]) -> None:
    pairs = as_pairs(people(town, min_probability=0.9)[0])
    assert pairs
    assert min(pairs.values()) >= 0.9


def test_few_records_are_refused(town: list[Row]) -> None:
    message = "99 records of people and 0 records of organisations are too few"
    with pytest.raises(StrataError, match=message):
        score_pairs(as_table(town[:99]))


def test_missing_splink_is_one_line(town: list[Row], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(StrataError, match=r"pip install 'strata-warehouse\[match\]'"):
        score_pairs(as_table(town))
