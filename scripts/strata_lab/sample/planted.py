"""The faults planted in the raw tables of the systems around the order system.

Every planted row is a copy of a good row under a key of its own, so that no total changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field

# SQL expressions, by column; `fault_id` is the new key, `fault_no` its number.
Change = dict[str, str]
Fault = tuple[str, Change]

UNREADABLE = "choose(fault_id, 'bad date', ['2025-13-45', 'yesterday', '2025年'])"
AMBIGUOUS = "choose(fault_id, 'bad date', ['03/04/2025', '5.6.2025', '07-08-25'])"
FUTURE = "'2099-03-14 09:30:00'"
ABSENT = "concat('{letters}8', lpad(cast(fault_no as varchar), 7, '0'))"


@dataclass(frozen=True)
class Planted:
    """The faults planted in one table.

    `letters` start the keys of its faults; `older` turns a row into its version of the day before,
    none if the system keeps no versions; `odd` are values that are set aside while their row is
    kept; `least_of_a_kind` is for small samples, larger ones have more faults of each kind.
    """

    letters: str
    faults: list[Fault]
    older: Change | None = None
    least_of_a_kind: int = 3
    odd: list[tuple[str, Change]] = field(default_factory=list)


def _dates(column: str, *later: str) -> list[Fault]:
    """Bad dates; `later` are columns that would lie before a future one, and are emptied."""
    return [
        ("unreadable_date", {column: UNREADABLE}),
        ("ambiguous_date", {column: AMBIGUOUS}),
        ("future_date", {column: FUTURE, **dict.fromkeys(later, "null")}),
    ]


def _amounts(column: str) -> list[Fault]:
    return [
        ("unreadable_amount", {column: "choose(fault_id, 'bad amount', ['abc', 'n/a', '12.3.4'])"}),
        ("thousands_separator", {column: "'1,234.50'"}),
        ("negative_amount", {column: "'-5000'"}),
    ]


def _twin(column: str) -> Fault:
    """The same key and time with another value: the row that sorts first is kept, not this one."""
    return (
        "conflicting_duplicate",
        {column: f"concat(coalesce({column}, ''), ' (', fault_no, ')')"},
    )


def _missing(column: str, letters: str) -> Fault:
    return (f"unknown_{_PARENTS[letters]}", {column: ABSENT.format(letters=letters)})


_PARENTS = {"A": "account", "U": "user", "SB": "subscriber"}
_KEY: Fault = ("missing_key", {})
_CURRENCY: Fault = ("unknown_currency", {"currency": "'XXX'"})
_ACCOUNT = _missing("account_id", "A")

PLANTED = {
    "crm_accounts": Planted(
        "A",
        [
            _KEY,
            *_dates("created_at"),
            *_amounts("annual_revenue_amount"),
            ("unreadable_amount", {"employee_count": "'about 50'"}),
            _CURRENCY,
            _twin("address"),
        ],
        older={"influence_level": "null", "employee_count": "null"},
        odd=[
            ("own_parent", {"parent_account_id": "account_id"}),
            ("unknown_parent", {"parent_account_id": "'A70000001'"}),
        ],
    ),
    "crm_contacts": Planted(
        "CT",
        [
            _KEY,
            *_dates("created_at"),
            ("unknown_value", {"decision_role": "'boss of bosses'"}),
            ("unknown_value", {"gender": "'2'"}),
            _ACCOUNT,
            _twin("occupation"),
        ],
        older={"decision_role": "null", "wechat_id": "null"},
        odd=[
            ("unreadable_date", {"birth_date": "'1985-02-30'"}),
            ("ambiguous_date", {"birth_date": "'03/04/1985'"}),
            ("future_date", {"birth_date": "'2091-05-06'"}),
        ],
    ),
    "crm_opportunities": Planted(
        "OP",
        [
            _KEY,
            *_dates("created_at", "closed_at", "is_won"),
            ("unreadable_date", {"expected_close_date": "'end of quarter'"}),
            (
                "ends_before_start",
                {
                    "closed_at": "'2019-05-06 10:00:00'",
                    "is_won": "'no'",
                    "stage": "'lost'",
                },
            ),
            *_amounts("amount"),
            _CURRENCY,
            (
                "missing_exchange_rate",
                {"currency": "'USD'", "created_at": "'1998-05-04 10:00:00'"},
            ),
            ("unknown_value", {"competition_level": "'fierce?'"}),
            ("unknown_value", {"is_won": "'perhaps'"}),
            _ACCOUNT,
            _twin("tender_stage"),
        ],
        older={"stage": "'qualification'", "closed_at": "null", "is_won": "null"},
    ),
    "crm_activities": Planted(
        "AC",
        [
            _KEY,
            ("missing_key", {"activity_id": "fault_id", "activity_type": "null"}),
            *_dates("occurred_at"),
            ("unknown_value", {"activity_type": "'lunch'"}),
            _ACCOUNT,
            _twin("summary"),
        ],
        older={"summary": "null"},
    ),
    "crm_needs": Planted(
        "ND",
        [
            _KEY,
            ("missing_key", {"need_id": "fault_id", "need_type": "' '"}),
            *_dates("noted_at"),
            ("unknown_value", {"need_type": "'wish'"}),
            ("unknown_value", {"source": "'hearsay'"}),
            _ACCOUNT,
            _twin("note"),
        ],
        older={"note": "null"},
    ),
    "crm_owners": Planted(
        "am_",
        [
            _KEY,
            ("unreadable_amount", {"weekly_capacity": "'full'"}),
            ("unknown_value", {"is_active": "'on leave'"}),
        ],
    ),
    "billing_contracts": Planted(
        "BC",
        [
            _KEY,
            ("unreadable_date", {"start_date": UNREADABLE}),
            ("ambiguous_date", {"start_date": AMBIGUOUS}),
            ("unreadable_date", {"end_date": "'open end'"}),
            ("ends_before_start", {"end_date": "'2019-12-31'"}),
            *_amounts("annual_amount"),
            _CURRENCY,
            ("missing_exchange_rate", {"currency": "'USD'", "start_date": "'1998-05-04'"}),
            ("unknown_value", {"plan": "'platinum'"}),
            ("unknown_value", {"status": "'paused'"}),
            _ACCOUNT,
            # Customer codes are trimmed: the two rows say the same in other letters.
            (
                "conflicting_duplicate",
                {"customer_code": "concat(customer_code, repeat(' ', fault_no))"},
            ),
        ],
        older={"status": "null", "end_date": "null"},
    ),
    "product_users": Planted(
        "U",
        [
            _KEY,
            *_dates("created_at"),
            _ACCOUNT,
            ("conflicting_duplicate", {"phone": "concat(phone, repeat(' ', fault_no))"}),
        ],
        older={"phone": "null"},
    ),
    "product_events": Planted(
        "EV",
        [
            _KEY,
            ("missing_key", {"event_id": "fault_id", "event_type": "null"}),
            *_dates("occurred_at"),
            ("unknown_value", {"event_type": "'logout?'"}),
            _missing("user_id", "U"),
            ("conflicting_duplicate", {"feature_key": "concat(feature_key, '_', fault_no)"}),
        ],
    ),
    "support_tickets": Planted(
        "TK",
        [
            _KEY,
            *_dates("opened_at", "first_response_at", "closed_at"),
            ("unreadable_date", {"closed_at": "'this week'"}),
            ("future_date", {"closed_at": FUTURE}),
            ("ends_before_start", {"closed_at": "'2019-05-06 10:00:00'"}),
            ("ends_before_start", {"first_response_at": "'2019-05-06 10:00:00'"}),
            *_amounts("handling_minutes"),
            ("out_of_range", {"satisfaction_score": "'6'"}),
            ("out_of_range", {"satisfaction_score": "'0'"}),
            ("unreadable_amount", {"satisfaction_score": "'good'"}),
            ("unknown_value", {"category": "'misc'"}),
            _ACCOUNT,
            _twin("severity"),
        ],
        older={"closed_at": "null", "handling_minutes": "null", "satisfaction_score": "null"},
    ),
    "support_nps_responses": Planted(
        "NR",
        [
            _KEY,
            *_dates("responded_at"),
            ("out_of_range", {"score": "'11'"}),
            ("out_of_range", {"score": "'7.5'"}),
            ("unreadable_amount", {"score": "'ten'"}),
            ("missing_amount", {"score": "null"}),
            _twin("comment"),
        ],
        older={"comment": "null"},
    ),
    "marketing_subscribers": Planted(
        "SB",
        [_KEY, *_dates("created_at"), _twin("source")],
        older={"email_opt_in": "'yes'", "city": "null"},
        odd=[
            ("unknown_value", {"email_opt_in": "'maybe'"}),
            ("unknown_value", {"sms_opt_in": "'ask again'"}),
            ("unknown_value", {"do_not_contact": "'sometimes'"}),
        ],
    ),
    "marketing_campaigns": Planted(
        "CP",
        [
            _KEY,
            *_dates("started_at"),
            *_amounts("cost_amount"),
            _CURRENCY,
            (
                "missing_exchange_rate",
                {"currency": "'USD'", "started_at": "'1998-05-04 10:00:00'"},
            ),
        ],
        older={"cost_amount": "null"},
    ),
    "marketing_touches": Planted(
        "TC",
        [
            _KEY,
            ("missing_key", {"touch_id": "fault_id", "touch_type": "null"}),
            *_dates("occurred_at"),
            ("unknown_value", {"touch_type": "'bounce?'"}),
            _missing("subscriber_id", "SB"),
            (
                "conflicting_duplicate",
                {"campaign_id": "concat(campaign_id, repeat(' ', fault_no))"},
            ),
        ],
    ),
    "feedback_erasure_requests": Planted(
        "ER",
        [
            _KEY,
            ("missing_key", {"request_id": "fault_id", "identifier_type": "null"}),
            *_dates("requested_at"),
            ("unknown_value", {"identifier_type": "'nickname'"}),
        ],
        least_of_a_kind=5,
    ),
}
