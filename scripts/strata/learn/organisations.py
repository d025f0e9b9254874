"""How two records of organisations are compared."""

from __future__ import annotations

from strata.learn.kind import Kind

# Shop 1 and shop 2, acme1.com and acme2.com are two.
SAME_DIGITS = "{0}_digits_l = {0}_digits_r and "

ORGANISATIONS = Kind(
    customer_type="business",
    name="organisations",
    script="organisations.sql",
    levels={
        "name": [
            ("equal", "name_l = name_r", 0.5, "name"),
            ("alike", SAME_DIGITS.format("name") + "is_misspelt(name_l, name_r, 0.15)", 0.25, None),
            (
                "roughly alike, or shortened",
                SAME_DIGITS.format("name") + "(is_misspelt(name_l, name_r, 0.25) "
                "or is_short_for(name_l, name_r) or is_short_for(name_r, name_l))",
                0.15,
                None,
            ),
            ("other", "ELSE", 0.1, None),
        ],
        "tax_id": [
            ("equal", "tax_id_l = tax_id_r", 0.9, None),
            ("one typing error", "is_near(tax_id_l, tax_id_r, 1)", 0.05, None),
            ("other", "ELSE", 0.05, None),
        ],
        "email": [
            ("equal", "email_l = email_r", 0.6, None),
            (
                "two typing errors",
                SAME_DIGITS.format("email") + "is_near(email_l, email_r, 2)",
                0.1,
                None,
            ),
            ("other", "ELSE", 0.3, None),
        ],
        "phone": [
            ("equal", "phone_l = phone_r", 0.7, "phone"),
            (
                "one typing error, or an extension",
                "is_near(phone_l, phone_r, 1) "
                "or starts_with(phone_l, phone_r) or starts_with(phone_r, phone_l)",
                0.1,
                None,
            ),
            ("other", "ELSE", 0.2, None),
        ],
        "domain": [
            ("equal", "domain_l = domain_r", 0.85, "domain"),
            (
                "two typing errors",
                SAME_DIGITS.format("domain") + "is_near(domain_l, domain_r, 2)",
                0.05,
                None,
            ),
            ("other", "ELSE", 0.1, None),
        ],
        "address": [
            ("equal", "address_l = address_r", 0.5, "address"),
            (
                "alike",
                "house_number_l = house_number_r and is_alike(street_l, street_r, 0.9)",
                0.15,
                None,
            ),
            ("street", "is_alike(street_l, street_r, 0.9)", 0.1, None),
            ("other", "ELSE", 0.25, None),
        ],
        "postcode": [
            ("equal", "postcode_l = postcode_r", 0.75, "postcode"),
            ("one typing error", "is_near(postcode_l, postcode_r, 1)", 0.1, None),
            ("other", "ELSE", 0.15, None),
        ],
        "city": [
            ("equal", "city_l = city_r", 0.75, "city"),
            ("alike", "is_alike(city_l, city_r, 0.85)", 0.15, None),
            ("other", "ELSE", 0.1, None),
        ],
    },
    values={},
    block_keys={
        "tax_id": "tax_id",
        "email": "email",
        "phone": "phone",
        "domain": "domain",
        "name": "name",
        "address": "address",
        "name_start_and_city": "substr(name, 1, 4) || '|' || city",
        "name_start_and_postcode": "substr(name, 1, 3) || '|' || postcode",
        "street_and_postcode": "street || '|' || postcode",
        "street_and_city": "street || '|' || city",
        "name_start": "substr(name, 1, 6)",
        "name_end": "right(name, 6)",
        "postcode": "postcode",
        "everybody": "'x'",
    },
    certain=[
        ("tax_id",),
        ("name", "phone"),
        ("name", "email"),
        ("name", "domain"),
        ("name", "address"),
        ("name", "postcode"),
    ],
    training=[
        ("tax_id",),
        ("email",),
        ("phone",),
        ("domain",),
        ("address",),
        ("name", "city"),
        ("name", "postcode"),
    ],
    # The name or the tax number agrees (sister companies share all the rest), and something beside
    # the name.
    evidence=[
        {"name": 1, "tax_id": 1},
        {"tax_id": 1, "email": 2, "phone": 1, "domain": 2, "address": 1, "postcode": 2},
    ],
)
