"""Households made to mislead: couples, twins, and a parent and a child of one name, at one address.

Everyone has two records: one as they gave it, one as somebody took it down, with a slip, an initial
or a gap. A household shares its address and phone number; half of the households share an e-mail
address. A third of them are Chinese.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

WESTERN = [
    "Adam",
    "Alice",
    "Amelia",
    "Andrew",
    "Anna",
    "Arthur",
    "Beatrice",
    "Benjamin",
    "Charlotte",
    "Christopher",
    "Clara",
    "Daniel",
    "David",
    "Edward",
    "Eleanor",
    "Elizabeth",
    "Emily",
    "Emma",
    "Frances",
    "George",
    "Grace",
    "Hannah",
    "Harriet",
    "Helen",
    "Henry",
    "Isabel",
    "Jack",
    "James",
    "Jane",
    "John",
    "Joseph",
    "Katherine",
    "Laura",
    "Leo",
    "Liam",
    "Louise",
    "Lucy",
    "Margaret",
    "Maria",
    "Martin",
    "Mary",
    "Matthew",
    "Michael",
    "Natalie",
    "Nicholas",
    "Oliver",
    "Patricia",
    "Paul",
    "Peter",
    "Rachel",
    "Rebecca",
    "Richard",
    "Robert",
    "Rose",
    "Samuel",
    "Sarah",
    "Simon",
    "Sophie",
    "Stephen",
    "Thomas",
    "Victoria",
    "William",
]
FAMILIES = [
    "Abbott",
    "Baker",
    "Barnes",
    "Bennett",
    "Brooks",
    "Carter",
    "Clark",
    "Collins",
    "Cooper",
    "Davies",
    "Dixon",
    "Edwards",
    "Ellis",
    "Evans",
    "Fisher",
    "Foster",
    "Gibson",
    "Graham",
    "Green",
    "Hall",
    "Harris",
    "Hill",
    "Hughes",
    "Jackson",
    "Johnson",
    "Jones",
    "King",
    "Knight",
    "Lee",
    "Lewis",
    "Marshall",
    "Mason",
    "Miller",
    "Mitchell",
    "Moore",
    "Morgan",
    "Morris",
    "Murphy",
    "Parker",
    "Phillips",
    "Price",
    "Reed",
    "Roberts",
    "Robinson",
    "Rogers",
    "Russell",
    "Scott",
    "Shaw",
    "Simpson",
    "Smith",
    "Stewart",
    "Taylor",
    "Thompson",
    "Turner",
    "Walker",
    "Ward",
    "Watson",
    "White",
    "Williams",
    "Wilson",
    "Wood",
    "Wright",
    "Young",
]
CHINESE = [
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "军",
    "洋",
    "勇",
    "艳",
    "杰",
    "涛",
    "明",
    "超",
    "秀英",
    "建国",
    "志强",
    "海燕",
    "晓东",
    "雪梅",
    "国华",
    "文静",
]
CHINESE_FAMILIES = list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗")
STREETS = [
    "Oak",
    "Elm",
    "Mill",
    "Church",
    "Park",
    "Station",
    "Bridge",
    "Castle",
    "Orchard",
    "Meadow",
    "Harbour",
    "Market",
]

Row = dict[str, Any]


def made(seed: int, couples: int = 500, twins: int = 300, generations: int = 300) -> list[Row]:
    """Return the records; `who` is the person."""
    draw = random.Random(seed)
    kinds = ["couple"] * couples + ["twins"] * twins + ["generations"] * generations
    return [
        row
        for number, kind in enumerate(kinds)
        for person in _household(draw, number, kind)
        for row in _records(draw, person)
    ]


def _household(draw: random.Random, number: int, kind: str) -> Iterator[Row]:
    chinese = number % 3 == 0
    surname = draw.choice(CHINESE_FAMILIES if chinese else FAMILIES)
    first, second = draw.sample(CHINESE if chinese else WESTERN, 2)
    home = {
        "surname": surname,
        "address": (
            f"人民路{number + 1}号" if chinese else f"{number + 1} {draw.choice(STREETS)} Street"
        ),
        "postcode": f"{200000 + number // 20}",
        "city": "上海" if chinese else "York",
        "phone": f"+86139{number:08d}" if chinese else f"+4477{number:08d}",
        "email": f"family{number}@home.example" if number % 2 else "",
    }
    born = date(1950, 1, 1) + timedelta(days=draw.randrange(15_000))
    other_born = {
        "couple": born + timedelta(days=draw.randrange(-3_000, 3_000)),
        "twins": born,
        "generations": born + timedelta(days=draw.randrange(7_000, 14_000)),
    }[kind]
    names = (first, first if kind == "generations" else second)
    for name, birth_date in zip(names, (born, other_born), strict=True):
        # A Chinese wife keeps her name.
        kept = chinese and kind == "couple" and birth_date == other_born
        own = {"surname": draw.choice(CHINESE_FAMILIES)} if kept else {}
        yield (
            home
            | own
            | {
                "who": f"{number} {name} {birth_date}",
                "given_name": name,
                "birth_date": birth_date.isoformat(),
            }
        )


def _records(draw: random.Random, person: Row) -> Iterator[Row]:
    yield person
    again = dict(person)
    for column in ("given_name", "surname", "address"):
        text = again[column]
        if text.isascii() and draw.random() < 0.05:
            place = draw.randrange(1, len(text))
            again[column] = text[:place] + text[place + 1 :]
    for column in ("birth_date", "phone", "email", "address", "postcode"):
        if draw.random() < 0.15:
            again[column] = ""
    if again["given_name"].isascii() and draw.random() < 0.05:
        again["given_name"] = again["given_name"][0]
    yield again
