"""Phone numbers as people type them."""

from __future__ import annotations

import pytest

from strata.dbt_plugin import phone_e164, phone_rest

MOBILE = "+8613800138000"
LANDLINE = "+862162345678"


@pytest.mark.parametrize(
    ("written", "number", "has_rest"),
    [
        ("13800138000", MOBILE, False),
        ("+86 138-0013-8000", MOBILE, False),
        ("0086 13800138000", MOBILE, False),
        ("13800138000.0", MOBILE, False),
        ("１３８００１３８０００", MOBILE, False),
        ("手机：13800138000", MOBILE, False),
        ("Tel: 021-62345678", LANDLINE, False),
        ("021-62345678转8001", LANDLINE, True),
        ("021-62345678-8001", LANDLINE, True),
        ("021-62345678 ext 8001", LANDLINE, True),
        ("13800138000(张先生)", MOBILE, True),
        ("13800138000张", MOBILE, True),
        ("13800138000/13900139000", MOBILE, True),
        ("13800138000,13900139000", MOBILE, True),
        ("13800138000;13900139000", MOBILE, True),
        ("13800138000、13900139000", MOBILE, True),
        ("13800138000 13900139000", MOBILE, True),
        ("138 0013 8000 139 0013 9000", MOBILE, True),
        ("999 / 13800138000", MOBILE, True),
        ("1.38001E+10", None, True),
        ("00000000000", None, True),
        ("12345678900", None, True),
        ("110105194912310021", None, True),
        ("call me", None, True),
    ],
)
def test_the_first_usable_number_is_taken_and_the_rest_is_told(
    written: str, number: str | None, has_rest: bool
) -> None:
    assert phone_e164(written, "CN") == number
    assert phone_rest(written, "CN") is has_rest


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("0221/123456", "DE", "+49221123456"),
        ("020 7946 0958 / 07700 900123", "GB", "+442079460958"),
        ("(415) 555-2671 x12", "US", "+14155552671"),
        ("1380013800.0", "CN", None),
    ],
)
def test_a_sign_within_a_number_divides_it_only_if_need_be(
    written: str, country: str, number: str | None
) -> None:
    assert phone_e164(written, country) == number


def test_no_text_is_no_number() -> None:
    assert phone_e164(None, "CN") is None
