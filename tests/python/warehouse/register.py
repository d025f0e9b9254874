"""A register of made organisations with duplicates, and with others that look like them."""

from __future__ import annotations

import random
import re
from typing import Any

Row = dict[str, Any]

FIRST = re.findall(
    r"\w+",
    "Aldwick Bramford Castlegate Dunmoor Elmbridge Foxhollow Glenarden Hartsfield Ironvale "
    "Juniper Kestonbury Larkmere Marlowe Northolt Oakhurst Pembrey Quarrydale Ravensworth "
    "Silverdale Thornbury Umberleigh Valemount Westbrook Yarnfield Zennor Bluestone Clearwater "
    "Deepwell Eastgate Fairmont Goldcrest Highfield Ivybridge Kingsmead Longacre Mapleton Newhaven "
    "Orchard Portland Redwood Sandringham Tidewater Uplands Vanguard Whitehall",
)
TRADE = re.findall(
    r"\w+",
    "Trading Logistics Medical Bakery Consulting Electrical Furniture Instruments Joinery "
    "Catering Packaging Plastics Printing Software Textiles Transport Ventures Laboratories "
    "Engineering Foods",
)
FORMS = ["Ltd", "Limited", "Co., Ltd.", "GmbH", "Inc", "LLC", "PLC", ""]
STREETS = ["Mill", "Church", "Station", "Park", "Victoria", "Bridge", "Market", "Castle", "Orchard"]
ENDINGS = {"Road": "Rd", "Street": "St", "Avenue": "Ave", "Lane": "Ln"}
CITIES = {
    "Leeds": "LS",
    "Bristol": "BS",
    "Norwich": "NR",
    "Exeter": "EX",
    "Derby": "DE",
    "Hull": "HU",
}


def register(seed: int, size: int = 500) -> list[Row]:
    """Return records of organisations with their true `owner`: 1.8 each, and hard negatives.

    A fifth have a branch under another number, a fifth a sister at the same address with the same
    telephone, a tenth a namesake in another city. Tax numbers are known of two in five records.
    """
    draw = random.Random(seed)
    names = [f"{first} {trade}" for first in FIRST for trade in TRADE]
    draw.shuffle(names)
    masters: list[Row] = []
    for number, name in enumerate(names[:size]):
        master = _master(draw, name)
        masters.append(master)
        if number % 5 == 0:
            first = master | {"customer_name": f"{name} Store {2 + number % 7}"}
            masters[-1] = master | {"customer_name": f"{name} Store 1"}
            masters.append(first | _place(draw) | {"tax_id": _tax_id(draw)})
        elif number % 5 == 1:
            trade = draw.choice([one for one in TRADE if one not in name])
            sister = f"{name.split()[0]} {trade}"
            own = {"tax_id": _tax_id(draw), "email": f"{trade.lower()}@{master['website']}"}
            masters.append(master | own | {"customer_name": sister})
        elif number % 10 == 2:
            masters.append(_master(draw, name))
    rows = []
    for owner, master in enumerate(masters):
        for copy in range(draw.choices([1, 2, 3], [4, 4, 2])[0]):
            row = _damaged(draw, master) if copy else master
            known = {
                field: value
                for field, value in row.items()
                if field in ("customer_name", "city") or draw.random() < _KNOWN.get(field, 0.8)
            }
            rows.append(known | {"owner": owner})
    draw.shuffle(rows)
    return [row | {"record_id": f"R{number}"} for number, row in enumerate(rows)]


_KNOWN = {"tax_id": 0.4, "email": 0.5, "website": 0.5, "phone": 0.7}


def _master(draw: random.Random, name: str) -> Row:
    domain = f"{name.lower().replace(' ', '-')}{draw.randrange(100)}.example"
    return _place(draw) | {
        "customer_name": name,
        "tax_id": _tax_id(draw),
        "website": domain,
        "email": f"{draw.choice(['mail', 'buying', 'service'])}{draw.randrange(10)}@{domain}",
        "phone": f"+4420{draw.randrange(10_000_000, 99_999_999)}",
    }


def _place(draw: random.Random) -> Row:
    city = draw.choice(list(CITIES))
    street = f"{draw.choice(STREETS)} {draw.choice(list(ENDINGS))}"
    return {
        "address": f"{draw.randrange(1, 200)} {street}",
        "city": city,
        "postcode": f"{CITIES[city]}{draw.randrange(1, 20)} {draw.randrange(1, 9)}AB",
    }


def _tax_id(draw: random.Random) -> str:
    return f"GB{draw.randrange(100_000_000, 999_999_999)}"


def _damaged(draw: random.Random, master: Row) -> Row:
    """Return another record of the same organisation: another legal form, two or three changes."""
    row = master | {"customer_name": f"{master['customer_name']} {draw.choice(FORMS)}".strip()}
    changes = draw.sample(["typo", "capitals", "moved", "number", "mail", "street", "none"], 3)
    if "typo" in changes:
        row["customer_name"] = _typo(draw, row["customer_name"])
    if "capitals" in changes:
        row["customer_name"] = row["customer_name"].upper()
    if "moved" in changes:
        row |= _place(draw)
    if "number" in changes:
        row["phone"] = f"+4420{draw.randrange(10_000_000, 99_999_999)}"
    if "mail" in changes:
        row["email"] = f"office{draw.randrange(10)}@{row['website']}"
    if "street" in changes:
        for long, short in ENDINGS.items():
            row["address"] = row["address"].replace(long, short)
    return row


def _typo(draw: random.Random, text: str) -> str:
    letters = [place for place, letter in enumerate(text) if letter.isalpha()]
    place = draw.choice(letters[1:])
    return draw.choice(
        [
            text[:place] + text[place + 1 :],
            text[:place] + draw.choice("aeioustrn") + text[place + 1 :],
            text[: place - 1] + text[place] + text[place - 1] + text[place + 1 :],
        ]
    )
