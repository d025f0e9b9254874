"""How two records of people are compared: the levels of agreement of each field, best first.

A level is a condition on the two records and a starting value of its m, the share of the pairs of
one person that reach it. Training replaces most of it (see `strata.learn.scoring`); it counts where
the records are too few to learn from. The values are rounded from what training finds on the
published FEBRL and fake_1000 sets.
"""

from __future__ import annotations

from strata.learn.kind import Kind, Level


def _pairwise(test: str) -> str:
    """Return a condition that both parts of a name pass, in the same order or crosswise."""
    same = f"{test.format('given_name_l', 'given_name_r')} and "
    same += test.format("surname_l", "surname_r")
    crossed = f"{test.format('given_name_l', 'surname_r')} and "
    crossed += test.format("surname_l", "given_name_r")
    return f"(({same}) or ({crossed}))"


def _any_part(test: str) -> str:
    """Return a condition that a part of both names passes, or equal parts changed places."""
    straight = [test.format(f"{part}_l", f"{part}_r") for part in ("given_name", "surname")]
    crossed = ["given_name_l = surname_r", "surname_l = given_name_r"]
    return "(" + " or ".join(straight + crossed) + ")"


ALIKE = "is_alike({}, {}, 0.85)"
ROUGHLY_ALIKE = "is_alike({}, {}, 0.65)"
LIKE_MAILBOX = "jaro_winkler_similarity(email_local_l, email_local_r) >= 0.85"
LIKE_DOMAIN = "jaro_winkler_similarity(email_domain_l, email_domain_r) >= 0.85"
ONE_NUMBER = "length(email_digits_l) >= 3 and email_digits_l = email_digits_r"
WHOLE = "(full_name_l is not null and full_name_r is not null)"

LEVELS: dict[str, list[Level]] = {
    "name": [
        ("both names", "full_name_l = full_name_r", 0.4, "full_name"),
        ("both names alike", _pairwise(ALIKE), 0.25, None),
        (
            "given name, a surname unknown",
            f"not {WHOLE} and given_name_l = given_name_r",
            0.05,
            "given_name",
        ),
        (
            "surname, a given name unknown",
            f"not {WHOLE} and surname_l = surname_r",
            0.05,
            "surname",
        ),
        ("both names roughly alike", _pairwise(ROUGHLY_ALIKE), 0.08, None),
        ("a part alike, another unknown", f"not {WHOLE} and {_any_part(ALIKE)}", 0.06, None),
        ("given name only", "given_name_l = given_name_r", 0.03, "given_name"),
        ("surname only", "surname_l = surname_r", 0.03, "surname"),
        ("a part alike", _any_part(ALIKE), 0.03, None),
        ("other", "ELSE", 0.02, None),
    ],
    "birth_date": [
        ("equal", "birth_date_l = birth_date_r", 0.8, "birth_date"),
        ("one typing error", "is_near(birth_date_l, birth_date_r, 1)", 0.06, None),
        ("two typing errors", "is_near(birth_date_l, birth_date_r, 2)", 0.06, None),
        (
            "year, or month and day",
            "substr(birth_date_l, 1, 4) = substr(birth_date_r, 1, 4) "
            "or substr(birth_date_l, 5) = substr(birth_date_r, 5)",
            0.05,
            None,
        ),
        ("other", "ELSE", 0.03, None),
    ],
    "email": [
        ("equal", "email_l = email_r", 0.6, None),
        # "wang.fang" is every Wang Fang's: alike addresses tell little beside a name, unless both
        # hold the same number.
        ("alike, of one number", f"{ONE_NUMBER} and {LIKE_MAILBOX}", 0.15, None),
        (
            "alike",
            f"email_digits_l = email_digits_r and {LIKE_MAILBOX} and {LIKE_DOMAIN}",
            0.1,
            None,
        ),
        ("two typing errors", f"{LIKE_MAILBOX} and is_near(email_l, email_r, 2)", 0.05, None),
        ("other", "ELSE", 0.1, None),
    ],
    "phone": [
        ("equal", "phone_l = phone_r", 0.8, "phone"),
        (
            "one typing error, or an extension",
            "is_near(phone_l, phone_r, 1) "
            "or starts_with(phone_l, phone_r) or starts_with(phone_r, phone_l)",
            0.08,
            None,
        ),
        ("other", "ELSE", 0.12, None),
    ],
    "address": [
        ("equal", "address_l = address_r", 0.6, "address"),
        ("street", "street_l = street_r", 0.15, None),
        # A street that holds its house number is another home under another number.
        (
            "street alike",
            "street_digits_l = street_digits_r "
            "and jaro_winkler_similarity(street_l, street_r) >= 0.9",
            0.1,
            None,
        ),
        ("other", "ELSE", 0.15, None),
    ],
    "postcode": [
        ("equal", "postcode_l = postcode_r", 0.8, "postcode"),
        ("one typing error", "is_near(postcode_l, postcode_r, 1)", 0.1, None),
        ("other", "ELSE", 0.1, None),
    ],
    "city": [
        ("equal", "city_l = city_r", 0.75, "city"),
        ("alike", "is_alike(city_l, city_r, 0.85)", 0.15, None),
        ("other", "ELSE", 0.1, None),
    ],
    "national_id": [
        ("equal", "national_id_l = national_id_r", 0.85, None),
        ("two typing errors", "is_near(national_id_l, national_id_r, 2)", 0.1, None),
        ("other", "ELSE", 0.05, None),
    ],
}

PEOPLE = Kind(
    customer_type="consumer",
    name="people",
    script="people.sql",
    levels=LEVELS,
    values={"name": "coalesce(given_name{side}, surname{side})"},
    block_keys={
        "national_id": "national_id",
        "email": "email",
        "email_local": "email_local",
        "phone": "phone",
        "full_name": "full_name",
        "given_name": "given_name",
        "surname": "surname",
        "birth_date": "birth_date",
        "address": "address",
        "street_and_postcode": "street || '|' || postcode",
        "initials": "substr(given_name, 1, 3) || '|' || substr(surname, 1, 3)",
        "given_name_and_birth_date": "given_name || '|' || birth_date",
        "surname_and_birth_date": "surname || '|' || birth_date",
        "given_name_and_city": "given_name || '|' || city",
        "surname_and_city": "surname || '|' || city",
        "given_name_and_postcode": "given_name || '|' || postcode",
        "surname_and_postcode": "surname || '|' || postcode",
        "birth_date_and_postcode": "birth_date || '|' || postcode",
        "birth_date_and_city": "birth_date || '|' || city",
        "everybody": "'x'",
    },
    certain=[
        ("national_id",),
        ("email",),
        ("phone", "given_name"),
        ("full_name", "birth_date"),
        ("full_name", "address"),
        ("full_name", "postcode"),
        ("birth_date", "address"),
    ],
    training=[
        ("national_id",),
        ("email",),
        ("phone",),
        ("full_name", "birth_date"),
        ("full_name", "postcode"),
        ("full_name", "city"),
        ("birth_date", "postcode"),
        ("address",),
    ],
    # Something that belongs to one person alone agrees, and something beside the name does.
    evidence=[
        {"name": 1, "email": 1, "birth_date": 1, "national_id": 1},
        {
            "email": 3,
            "birth_date": 1,
            "national_id": 1,
            "phone": 1,
            "address": 1,
            "postcode": 2,
        },
    ],
)
