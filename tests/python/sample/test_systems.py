"""The systems around the order system agree with each other, the calendar and the truth."""

from __future__ import annotations

import unicodedata

import duckdb
import phonenumbers
import pytest

from strata_lab.sample.planted import PLANTED

from .conftest import END, good, one, rows

KEYS = {
    "crm_accounts": "account_id",
    "crm_contacts": "contact_id",
    "crm_opportunities": "opportunity_id",
    "crm_activities": "activity_id",
    "crm_needs": "need_id",
    "crm_owners": "owner_id",
    "billing_contracts": "contract_id",
    "product_users": "user_id",
    "product_events": "event_id",
    "support_tickets": "ticket_id",
    "support_nps_responses": "response_id",
    "marketing_subscribers": "subscriber_id",
    "marketing_campaigns": "campaign_id",
    "marketing_touches": "touch_id",
    "feedback_erasure_requests": "request_id",
}


@pytest.fixture(scope="session")
def systems(tables: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The same connection with a table good_<name> of the rows to be kept, and whose they are."""
    for table, key in KEYS.items():
        tables.execute(f"create or replace temp table good_{table} as from {good(table, key)}")
    tables.execute(
        """
        create or replace temp view owned_accounts as
        select good_crm_accounts.*, moment(created_at) as created_moment, entity_id
        from good_crm_accounts
        join truth_system_records
            on source_table = 'crm_accounts' and record_key = account_id;

        create or replace temp view owned_contracts as
        select good_billing_contracts.*, entity_id,
            cast(start_date as date) as starts, cast(end_date as date) as ends,
            cast(annual_amount as double)
                * case currency when 'USD' then 7.1 when 'usd' then 7.1 when 'EUR' then 7.8
                    when 'eur' then 7.8 else 1 end as cny_amount
        from good_billing_contracts
        join truth_system_records
            on source_table = 'billing_contracts' and record_key = contract_id;

        create or replace temp view logins as
        select entity_id, users.account_id, moment(users.created_at) as user_since,
            cast(occurred_at as timestamp) as moment, event_type
        from good_product_events
        join good_product_users as users using (user_id)
        join truth_system_records on source_table = 'product_users' and record_key = user_id;
        """
    )
    return tables


def test_every_table_holds_rows_and_its_keys_are_unique(systems: duckdb.DuckDBPyConnection) -> None:
    assert set(KEYS) == set(PLANTED)
    for table, key in KEYS.items():
        counted = rows(systems, f"select count(*), count(distinct {key}) from good_{table}")
        assert counted[0][0] == counted[0][1] != 0, table


@pytest.mark.parametrize(
    ("system", "reasons"),
    [
        ("crm", 13),
        ("billing", 12),
        ("product", 8),
        ("support", 13),
        ("marketing", 12),
        ("feedback", 5),
    ],
)
def test_thirty_faults_at_least_of_every_system(
    systems: duckdb.DuckDBPyConnection, system: str, reasons: int
) -> None:
    rejected = f"source_table like '{system}%' and expected_status = 'rejected'"
    there = f"from truth_faults where {rejected}"
    assert rows(systems, f"select count(*) >= 30, count(distinct expected_reason) {there}") == [
        (True, reasons)
    ]


def test_every_table_has_faults_with_keys_of_their_own(systems: duckdb.DuckDBPyConnection) -> None:
    for table, planted in PLANTED.items():
        wanted = {reason for reason, _ in planted.faults}
        found = rows(
            systems,
            f"select expected_reason, count(*) from truth_faults where source_table = '{table}'"
            " and expected_status = 'rejected' group by all",
        )
        assert {reason for reason, _ in found} == wanted
        assert all(int(str(count)) >= 3 for _, count in found)
        # Only a conflicting duplicate shares its key, and with one kept row.
        shared = rows(
            systems,
            f"""
            select distinct expected_reason from truth_faults
            join good_{table} on record_key = {KEYS[table]}
            where source_table = '{table}' and expected_status = 'rejected'
            """,
        )
        assert {reason for (reason,) in shared} <= {"conflicting_duplicate"}


def test_conflicting_duplicates_differ_in_one_value(systems: duckdb.DuckDBPyConnection) -> None:
    for table, planted in PLANTED.items():
        columns = [change for reason, change in planted.faults if reason == "conflicting_duplicate"]
        if not columns:
            continue
        names = [row[0] for row in rows(systems, f"describe {table}")]
        versions = rows(
            systems,
            f"""
            select count(distinct coalesce(columns(*), '')) from {table}
            where {KEYS[table]} in (
                select record_key from truth_faults where source_table = '{table}'
                    and expected_reason = 'conflicting_duplicate'
            )
            group by {KEYS[table]}
            """,
        )
        assert versions
        for version in versions:
            counts = dict(zip(names, version, strict=True))
            differing = {name for name, count in counts.items() if int(str(count)) > 1}
            assert differing == set(columns[0])


def test_odd_values_stand_in_rows_that_are_kept(systems: duckdb.DuckDBPyConnection) -> None:
    counts = rows(systems, "select kind, count(*) from truth_ignored group by all")
    assert {str(kind): count for kind, count in counts} == {
        "parent_loop": 2,
        "own_parent": 3,
        "unknown_parent": 3,
        "unreadable_date": 3,
        "ambiguous_date": 3,
        "future_date": 3,
        "unknown_value": 9,
    }
    loop = rows(
        systems,
        """
        select own.account_id from good_crm_accounts as own
        join good_crm_accounts as parent on own.parent_account_id = parent.account_id
        where parent.parent_account_id = own.account_id and parent.account_id != own.account_id
        """,
    )
    marked = rows(systems, "select record_key from truth_ignored where kind = 'parent_loop'")
    assert sorted(loop) == sorted(marked)
    for kind, rule in (
        ("own_parent", "parent_account_id = account_id"),
        ("unknown_parent", "parent_account_id not in (select account_id from good_crm_accounts)"),
    ):
        found = one(
            systems,
            f"""
            select count(*) from good_crm_accounts join truth_ignored on record_key = account_id
            where source_table = 'crm_accounts' and kind = '{kind}' and {rule}
            """,
        )
        assert found == 3


@pytest.mark.parametrize(
    ("table", "column", "parent"),
    [
        ("crm_contacts", "account_id", "crm_accounts"),
        ("crm_opportunities", "account_id", "crm_accounts"),
        ("crm_activities", "account_id", "crm_accounts"),
        ("crm_activities", "contact_id", "crm_contacts"),
        ("crm_activities", "owner_id", "crm_owners"),
        ("crm_needs", "account_id", "crm_accounts"),
        ("crm_accounts", "owner_id", "crm_owners"),
        ("billing_contracts", "account_id", "crm_accounts"),
        ("product_users", "account_id", "crm_accounts"),
        ("product_events", "user_id", "product_users"),
        ("support_tickets", "account_id", "crm_accounts"),
        ("marketing_touches", "subscriber_id", "marketing_subscribers"),
        ("marketing_touches", "campaign_id", "marketing_campaigns"),
    ],
)
def test_good_rows_name_good_parents(
    systems: duckdb.DuckDBPyConnection, table: str, column: str, parent: str
) -> None:
    assert one(systems, f"select count({column}) > 0 from good_{table}")
    assert (
        rows(
            systems,
            f"select {column} from good_{table} where {column} is not null"
            f" except select {KEYS[parent]} from good_{parent}",
        )
        == []
    )


# Rows that a reader who knows the trade would find silly; each query finds those of one kind.
SILLY = {
    "an order before the company was known": """
        select * from truth_customers join owned_accounts using (entity_id)
        where first_order_date < cast(created_moment as date) and account_id in (
            select min(account_id) from owned_accounts group by entity_id
        )
    """,
    "a contact before the account": """
        select * from good_crm_contacts as contacts join owned_accounts using (account_id)
        where moment(contacts.created_at) < owned_accounts.created_moment
            and contacts.created_at not like '%年%'
    """,
    "an activity before the account": """
        select * from good_crm_activities join owned_accounts using (account_id)
        where cast(occurred_at as timestamp) < created_moment
    """,
    "an activity with a person not yet met": """
        select * from good_crm_activities join good_crm_contacts using (contact_id)
        where cast(occurred_at as timestamp) < moment(created_at)
    """,
    "Chinese office work at night or on Sunday": """
        select * from good_crm_activities join good_crm_accounts as accounts using (account_id)
        where accounts.country in ('CN', '中国', 'China') and (
            isodow(cast(occurred_at as timestamp)) > 5
            or hour(cast(occurred_at as timestamp)) not between 9 and 18
        )
    """,
    "a deal closed before it was made": """
        select * from good_crm_opportunities where moment(closed_at) < moment(created_at)
    """,
    "a deal both open and decided": """
        select * from good_crm_opportunities
        where (closed_at is null) != (is_won is null)
            or (stage = 'won') != coalesce(is_won in ('yes', 'true', '是'), false)
    """,
    "a ticket answered or closed before it was opened": """
        select * from good_support_tickets
        where moment(first_response_at) < moment(opened_at)
            or moment(closed_at) < moment(first_response_at)
    """,
    "a login before the user was entered": "select * from logins where moment < user_since",
    "a business login outside every contract": """
        select * from logins join truth_customers using (entity_id)
        where customer_type = 'business' and not exists (
            select * from owned_contracts
            where owned_contracts.entity_id = logins.entity_id
                and cast(logins.moment as date) between starts and ends
        )
    """,
    "two contracts at once": """
        select * from owned_contracts as a join owned_contracts as b
            on a.entity_id = b.entity_id and a.starts < b.starts and a.ends >= b.starts
    """,
    "a contract said to run that has ended": """
        select * from owned_contracts
        where coalesce(status, 'active') in ('active', 'Active', '生效')
            != (ends > date '2026-10-31') and status not in ('cancelled', 'canceled', '已取消')
    """,
    "a price far from its plan": """
        select * from owned_contracts
        where not case
            when plan in ('trial', '试用版') then cny_amount = 0
            when plan in ('basic', '基础版') then cny_amount between 8000 and 100000
            when plan in ('professional', '专业版') then cny_amount between 50000 and 480000
            else cny_amount between 150000 and 1500000
        end
    """,
    "an open or a click of what was not sent": """
        select * from good_marketing_touches as later
        where touch_type != 'sent' and not exists (
            select * from good_marketing_touches as sent
            where sent.touch_type = 'sent' and sent.subscriber_id = later.subscriber_id
                and sent.campaign_id = later.campaign_id and sent.occurred_at <= later.occurred_at
        )
    """,
    "a message to someone who is not to be contacted": """
        select * from good_marketing_touches join good_marketing_subscribers using (subscriber_id)
        where do_not_contact in ('yes', '是', 'true')
    """,
    "a message before the person subscribed": """
        select * from good_marketing_touches as touches
        join good_marketing_subscribers using (subscriber_id)
        where cast(occurred_at as timestamp) < moment(created_at)
    """,
    "a retired person of thirty": """
        select * from good_crm_contacts
        where occupation in ('退休', 'retired') and try_cast(birth_date as date) > date '1970-01-01'
            and contact_id not in (select record_key from truth_ignored)
    """,
}


@pytest.mark.parametrize("kind", SILLY)
def test_nothing_silly(systems: duckdb.DuckDBPyConnection, kind: str) -> None:
    assert rows(systems, SILLY[kind]) == []


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("crm_accounts", "created_at"),
        ("crm_contacts", "created_at"),
        ("crm_opportunities", "created_at"),
        ("crm_opportunities", "closed_at"),
        ("crm_activities", "occurred_at"),
        ("crm_needs", "noted_at"),
        ("product_users", "created_at"),
        ("product_events", "occurred_at"),
        ("support_tickets", "opened_at"),
        ("support_tickets", "closed_at"),
        ("support_nps_responses", "responded_at"),
        ("marketing_subscribers", "created_at"),
        ("marketing_campaigns", "started_at"),
        ("marketing_touches", "occurred_at"),
        ("feedback_erasure_requests", "requested_at"),
    ],
)
def test_nothing_happens_after_the_end(
    systems: duckdb.DuckDBPyConnection, table: str, column: str
) -> None:
    latest = rows(
        systems,
        f"select max(business_date({column})), max(business_date(updated_at)) from good_{table}",
    )[0]
    assert latest[0] is not None
    assert all(day is None or str(day) <= str(END) for day in latest)


def test_contracts_fall_due_before_and_after_the_end(systems: duckdb.DuckDBPyConnection) -> None:
    found = rows(
        systems,
        f"""
        select
            count(*) filter (ends > date '{END}'),
            count(*) filter (ends between date '{END}' - 90 and date '{END}'
                and entity_id in (select entity_id from truth_customers where churned_at = ends)),
            count(*) filter (starts = previous_end + 1 and plan not in ('trial', '试用版')),
            count(*) filter (status in ('cancelled', 'canceled', '已取消')),
            count(*) filter (cny_amount > 500000)
        from (
            select *, lag(ends) over (partition by entity_id order by starts) as previous_end
            from owned_contracts
        )
        """,
    )[0]
    assert all(int(str(count)) > 0 for count in found), found


def test_churn_follows_falling_use(systems: duckdb.DuckDBPyConnection) -> None:
    before, after, healthy = rows(
        systems,
        f"""
        with days as (
            select entity_id, subscription, use_falls_from,
                coalesce(churned_at, date '{END}') - cast(moment as date) as days_left
            from truth_customers join logins using (entity_id)
            where customer_type = 'business' and event_type = 'login'
                and (subscription = 'running' or churned_at > date '{END}' - 200)
        )
        select
            count(*) filter (use_falls_from is not null and days_left between 120 and 179),
            count(*) filter (use_falls_from is not null and days_left between 0 and 59),
            count(*) filter (use_falls_from is null and days_left between 0 and 59)
                / count(*) filter (use_falls_from is null and days_left between 120 and 179)
        from days
        """,
    )[0]
    assert float(str(after)) < 0.5 * float(str(before))
    assert 0.7 < float(str(healthy)) < 1.7
    # Most who leave did; some leave without a sign.
    share = one(
        systems,
        "select avg(cast(use_falls_from is not null as int)) from truth_customers"
        " where churned_at is not null",
    )
    assert 0.75 < float(str(share)) < 1


def test_who_lapses_shows_it_before(systems: duckdb.DuckDBPyConnection) -> None:
    """The last wait is long, and there are complaints; one in seven leaves without a sign."""
    found = rows(
        systems,
        f"""
        with days as (
            select entity_id, business_date(ordered_at) as ordered_date
            from {good("erp_orders", "order_id")} as orders
            join truth_records on trim(orders.customer_code) = truth_records.customer_code
            join truth_customers using (entity_id)
            where business_date(ordered_at) <= lapsed_at
                and coalesce(status, 'completed') in ('completed', 'Completed', '已完成')
            group by all
        ),
        waits as (
            select *,
                ordered_date - lag(ordered_date) over (
                    partition by entity_id order by ordered_date) as wait,
                row_number() over (partition by entity_id order by ordered_date desc) as place
            from days
        ),
        ratios as (
            select entity_id,
                max(wait) filter (place = 1) / median(wait) filter (place > 2) as ratio
            from waits group by entity_id having count(*) >= 5
        ),
        complaints as (
            select distinct entity_id
            from good_support_tickets
            join truth_system_records on record_key = ticket_id
            join truth_customers using (entity_id)
            where category in ('complaint', '投诉')
                and business_date(opened_at) between lapsed_at - 200 and lapsed_at
        )
        select count(*), median(ratio), avg(cast(entity_id in (from complaints) as int))
        from truth_customers left join ratios using (entity_id)
        where lapsed_at is not null
        group by signs_from is not null order by signs_from is not null
        """,
    )
    unseen, even, quiet, seen, late, loud = (float(str(cell)) for row in found for cell in row)
    assert 0.78 < seen / (seen + unseen) < 0.92
    assert even < 1.4 < 1.9 < late
    assert quiet < 0.05 and 0.2 < loud < 0.6


def test_treated_customers_buy_more_after_the_offer(systems: duckdb.DuckDBPyConnection) -> None:
    counted = rows(
        systems,
        f"""
        with orders as (
            select entity_id, business_date(ordered_at) as ordered_date
            from {good("erp_orders", "order_id")} as orders
            join truth_records on trim(orders.customer_code) = truth_records.customer_code
        ),
        offer as (
            select business_date(min(started_at)) as offered_date from good_marketing_campaigns
            where campaign_name like '%复购关怀'
        )
        select
            is_treated,
            count(*) filter (ordered_date between offered_date - 60 and offered_date - 1)
                / count(distinct entity_id) as before,
            count(*) filter (ordered_date between offered_date and offered_date + 59)
                / count(distinct entity_id) as later
        from truth_customers
        cross join offer
        left join orders using (entity_id)
        where is_treated is not null
        group by is_treated order by is_treated
        """,
    )
    (_, control_before, control_later), (_, treated_before, treated_later) = counted
    assert 0.7 < float(str(treated_before)) / float(str(control_before)) < 1.4
    assert float(str(treated_later)) > 1.4 * float(str(control_later))
    # The offer went to the treated alone.
    assert rows(
        systems,
        """
        select distinct is_treated
        from good_marketing_touches
        join good_marketing_campaigns using (campaign_id)
        join truth_system_records on record_key = subscriber_id
        left join truth_customers using (entity_id)
        where campaign_name like '%复购关怀'
        """,
    ) == [(True,)]


def test_unhappy_customers_say_so(systems: duckdb.DuckDBPyConnection) -> None:
    scores = rows(
        systems,
        """
        select coalesce(business_date(responded_at) > use_falls_from, false) as is_falling,
            avg(cast(score as int)), count(*) filter (cast(score as int) >= 9)
        from good_support_nps_responses
        join truth_system_records on record_key = response_id
        join truth_customers using (entity_id)
        where use_falls_from is not null or subscription = 'running'
        group by is_falling order by is_falling
        """,
    )
    assert float(str(scores[-1][1])) < 6 < 7 < float(str(scores[0][1]))
    assert int(str(scores[0][2])) > 0


def test_every_good_record_has_its_true_customer(systems: duckdb.DuckDBPyConnection) -> None:
    systems.execute(
        "create or replace temp view everyone as select entity_id from truth_customers"
        " union all select entity_id from truth_leads"
    )
    unknown = rows(
        systems,
        "select entity_id from truth_system_records where entity_id is not null"
        " except select entity_id from everyone",
    )
    assert unknown == []
    tables = rows(systems, "select distinct source_table from truth_system_records")
    assert len(tables) == 8
    for (table,) in tables:
        listed = f"select record_key from truth_system_records where source_table = '{table}'"
        kept = f"select {KEYS[str(table)]} from good_{table}"
        assert rows(systems, f"({listed} except {kept}) union all ({kept} except {listed})") == []
    # Strangers wrote, and leads are there who never bought.
    strangers = rows(
        systems, "select distinct source_table from truth_system_records where entity_id is null"
    )
    assert {table for (table,) in strangers} == {"support_tickets", "feedback_erasure_requests"}
    kinds = rows(systems, "select distinct kind from truth_leads")
    assert {kind for (kind,) in kinds} == {"lead", "trial", "holding", "reader"}


def test_what_identity_has_to_cope_with_is_there(systems: duckdb.DuckDBPyConnection) -> None:
    contacts = """
        good_crm_contacts join truth_system_records
            on source_table = 'crm_contacts' and record_key = contact_id
    """
    expected = {
        "people who changed jobs: one phone at two companies": f"""
            select count(*) from (
                select phone from {contacts} where account_id is not null and phone is not null
                group by phone having count(distinct entity_id) = 2)
        """,
        "one person under two phones": f"""
            select count(*) from {contacts}
            join truth_records using (entity_id)
            join erp_customers using (customer_code)
            where account_id is null and crm_contacts_phone != '' and erp_customers.phone != ''
                and right(crm_contacts_phone, 11) != right(erp_customers.phone, 11)
                and left(right(crm_contacts_phone, 11), 3) in ('166', '191', '198', '199')
        """.replace("crm_contacts_phone", "good_crm_contacts.phone"),
        "one company under two names": """
            select count(*) from owned_accounts as a join owned_accounts as b using (entity_id)
            where a.account_id < b.account_id and a.account_name != b.account_name
        """,
        "Co., Ltd. for 有限公司": """
            select count(*) from owned_accounts join truth_records using (entity_id)
            join erp_customers using (customer_code)
            where account_name like '%Co., Ltd.' and customer_name like '%公司%'
        """,
        "parent and subsidiary": """
            select count(*) from owned_accounts as a join owned_accounts as b
                on a.parent_account_id = b.account_id where a.entity_id != b.entity_id
        """,
        "mailboxes shared by unrelated companies": """
            select count(*) from good_support_tickets where requester_email like 'info@medhub%'
        """,
        "switchboards": """
            select count(*) from good_crm_accounts where phone like '+862158%00'
        """,
    }
    for kind, sql in expected.items():
        assert int(str(one(systems, sql))) > 0, kind


def test_no_row_leads_to_the_wrong_person(systems: duckdb.DuckDBPyConnection) -> None:
    """A phone without an e-mail or account is never one that several consumers share."""
    wrong = rows(
        systems,
        """
        with phones as (
            select right(regexp_replace(nfc_normalize(phone), '[^0-9]', '', 'g'), 9) as digits,
                list(distinct entity_id) as entities
            from erp_customers join truth_records using (customer_code)
            where phone is not null and customer_type is distinct from 'business'
            group by digits having count(distinct entity_id) > 1
        ),
        callers as (
            select ticket_id as key, requester_phone as phone from good_support_tickets
            where requester_email is null and account_id is null
            union all
            select response_id, respondent_phone from good_support_nps_responses
            where respondent_email is null
        )
        select key, phone, entities from callers
        join phones on right(regexp_replace(phone, '[^0-9]', '', 'g'), 9) = digits
        join truth_system_records on record_key = key
        join truth_customers using (entity_id)
        where customer_type = 'consumer'
        """,
    )
    assert wrong == []


def test_phones_of_people_are_valid(systems: duckdb.DuckDBPyConnection) -> None:
    phones = rows(
        systems,
        "select distinct phone from good_crm_contacts where phone is not null"
        " union select requester_phone from good_support_tickets where requester_phone is not null",
    )
    assert len(phones) > 300
    for (phone,) in phones:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", str(phone)), "CN")
        assert phonenumbers.is_valid_number(number), phone
