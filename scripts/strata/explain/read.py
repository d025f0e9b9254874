"""Data of a release about one customer."""

from __future__ import annotations

from typing import Any

import duckdb

from strata.errors import StrataError
from strata.explain.outlook import outlook
from strata.policy.judgements import Judgements
from strata.sql import named_rows, quoted
from strata.warehouse.releases import Release

Row = dict[str, Any]

# An alias leads to an id in use at once, whatever happened in between.
ALIAS = "select current_customer_id, retired_date from customer_id_aliases where customer_id = $id"
KNOWN = "select 1 as found from customers where customer_id = $id"
# The sections of an explanation; each is a field of it.
SECTIONS = {
    "records": """
        select identity_map.record_key, identity_map.source_system, identity_map.source_table,
            records.customer_name, records.email, records.phone, records.city, records.updated_at,
            identity_map.first_seen_date, identity_map.assigned_date
        from customer_identity_map as identity_map
        left join int_identity__records as records
            on identity_map.record_key = records.record_key
        where identity_map.customer_id = $id
        order by identity_map.first_seen_date nulls last, identity_map.record_key
    """,
    "reasons": """
        select record_key, linked_record_key, rule_key, reason_en, reason_zh
        from customer_identity_map
        where customer_id = $id
        order by first_seen_date nulls last, record_key
    """,
    # Values of its records that join nobody, alone or together (`value + value`).
    "blocked": """
        with identifiers as (
            select distinct customer_type, identifier_type,
                cast(identifier_value as varchar) as value
            from (
                unpivot (
                    select records.customer_type, cast(columns(
                        '^(email|phone|wechat_id|tax_id|member_id|national_id)$'
                    ) as varchar)
                    from customer_identity_map as identity_map
                    inner join int_identity__records as records
                        on identity_map.record_key = records.record_key
                    where identity_map.customer_id = $id
                ) on email, phone, wechat_id, tax_id, member_id, national_id
                into name identifier_type value identifier_value
            )
        )
        select distinct blocked.identifier_type, blocked.identifier_value, blocked.blocked_reason,
            blocked.record_count, blocked.name_count
        from blocked_identifier_values as blocked
        inner join identifiers
            on blocked.customer_type = identifiers.customer_type
                and (
                    blocked.identifier_value = identifiers.value
                    or list_contains(
                        string_split(blocked.identifier_value, ' + '), identifiers.value
                    )
                )
                and list_contains(
                    string_split(blocked.identifier_type, ' + '), identifiers.identifier_type
                )
        order by all
    """,
    "reviews": """
        select * from identity_review_queue
        where left_customer_id = $id or right_customer_id = $id
        order by kind, left_record_key, right_record_key
    """,
    "changes": """
        select changes.*, impact.order_count, impact.net_revenue_amount, impact.tier_key_before,
            impact.new_customer_tier_key_before, impact.new_customer_tier_key_after
        from customer_id_changes as changes
        left join identity_impact as impact
            on changes.customer_id = impact.customer_id
                and changes.new_customer_id = impact.new_customer_id
                and changes.changed_date = impact.changed_date
        where $id in (changes.customer_id, changes.new_customer_id)
        order by changes.changed_date, changes.customer_id, changes.new_customer_id
    """,
    "fields": """
        select * from customer_golden_fields where customer_id = $id order by field
    """,
    "labels": """
        select rule_set, rule_key, reason_en, reason_zh from customer_segment_reasons
        where customer_id = $id and rule_set <> 'audience'
        order by rule_set, outcome_key
    """,
}


def read(release: Release, asked_id: str) -> Row:
    """Read what a release says of a customer, under an id in use or out of use.

    It holds the rows of each section, `as_of_date`, the outlook, and the `customer_id` in use;
    `retired_date` says since when `asked_id` is out of use, if it is.

    Raises:
        StrataError: no such id, or the private database cannot be read.
    """
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'; set threads = 1")
        _open(connection, release)

        def ask(query: str, customer_id: str) -> list[Row]:
            # A parameter proper would import pandas, which takes longer than all queries.
            return named_rows(connection, query.replace("$id", quoted(customer_id)))

        alias = ask(ALIAS, asked_id)
        customer_id = str(alias[0]["current_customer_id"]) if alias else asked_id
        if not ask(KNOWN, customer_id):
            raise StrataError(
                f"no customer {asked_id} in the release of {release.as_of_date}: "
                "customer_identity_map and customer_id_aliases hold the ids there are"
            )
        sections = {name: ask(query, customer_id) for name, query in SECTIONS.items()}
        judgements = Judgements.of_release(release)
        rules = judgements.rules(release.info["policy_key"])
        places = {rule.key: rule.own_places for rule in rules}
        for label in sections["labels"]:  # a release without seeds is read with those of today
            label["own_places"] = places.get(label["rule_key"], [])
        return {
            "customer_id": customer_id,
            "asked_id": asked_id,
            "retired_date": str(alias[0]["retired_date"]) if alias else None,
            "as_of_date": release.as_of_date.isoformat(),
            **sections,
            "outlook": outlook(connection, release, customer_id, judgements),
        }


def _open(connection: duckdb.DuckDBPyConnection, release: Release) -> None:
    """Attach both databases and make every table reachable by its bare name."""
    try:
        with release.private.open("rb"):
            pass
    except OSError as error:
        raise StrataError(
            f"cannot read {release.private}: {error.strerror}; it holds personal data, so "
            "only the account that builds the warehouse may explain a customer"
        ) from None
    connection.execute(f"attach {quoted(release.public)} as public (read_only)")
    connection.execute(f"attach {quoted(release.private)} as private (read_only)")
    schemas = connection.execute(
        "select distinct database_name || '.' || schema_name from duckdb_tables()"
        " where database_name in ('public', 'private') order by all desc"
    ).fetchall()
    connection.execute(f"set search_path = '{','.join(schema for (schema,) in schemas)}'")
