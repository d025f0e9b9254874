-- one row per source record, identifier type and value that somebody can be reached at
{% set erp_type = "coalesce(customer_type, '" ~ var('default_customer_type') ~ "')" %}
{% set erp_party = "case when " ~ erp_type ~ " = 'business' then 'organisation' else 'person' end" %}
{% set contact_party = "case when account_id is null then 'person' else 'organisation' end" %}
{% set user_party = "case when account_id is null then 'unknown' else 'organisation' end" %}
{% set types = ['email', 'phone'] %}
{% set more_types = types + ['wechat_id'] %}
-- Table and its key, its rows, whom one stands for, types of identifiers and what begins their columns.
{% set tables = [
    ('erp_customers', 'customer_code', ref('stg_erp__customers'), erp_party, types, ''),
    ('crm_accounts', 'account_id', ref('stg_crm__accounts'), "'organisation'", ['phone'], ''),
    ('crm_contacts', 'contact_id', ref('stg_crm__contacts'), contact_party, more_types, ''),
    (
        'marketing_subscribers', 'subscriber_id', ref('stg_marketing__subscribers'), "'unknown'",
        more_types, '',
    ),
    ('product_users', 'user_id', ref('stg_product__users'), user_party, types, ''),
    (
        'support_tickets', 'ticket_id', ref('stg_support__tickets'), "'unknown'", types,
        'requester_',
    ),
    (
        'support_nps_responses', 'response_id', ref('stg_support__nps_responses'), "'unknown'",
        types, 'respondent_',
    ),
] %}
with listed as (
    {% for table, key, rows, party, row_types, prefix in tables -%}
    {% set is_last_table = loop.last -%}
    {% for type in row_types -%}
    select
        '{{ table }}' as source_table,
        {{ key }} as source_record_id,
        {{ party }} as party,
        '{{ type }}' as identifier_type,
        {{ prefix }}{{ type }} as identifier_value
    from {{ rows }}
    {{ 'union all' if not (loop.last and is_last_table) }}
    {% endfor -%}
    {% endfor -%}
),

points as (
    select * from listed where identifier_value is not null
),

blocked_patterns as (
    select
        identifier_type,
        pattern,
        reason
    from {{ ref('blocked_values') }}
),

-- Every value is looked at once, however many records carry it.
blocked as (
    select
        identifier_values.identifier_type,
        identifier_values.identifier_value,
        min(blocked_patterns.reason) as blocked_reason
    from (
        select
            identifier_type,
            identifier_value
        from points
        group by identifier_type, identifier_value
    ) as identifier_values
    inner join blocked_patterns
        on identifier_values.identifier_type = blocked_patterns.identifier_type
            and {{ engine(
                'matches_pattern', 'identifier_values.identifier_value', 'blocked_patterns.pattern'
            ) }}
    group by identifier_values.identifier_type, identifier_values.identifier_value
),

final as (
    select
        points.*,
        blocked.identifier_value is not null as is_blocked,
        coalesce(blocked.blocked_reason = 'placeholder', false) as is_placeholder
    from points
    left join blocked
        on points.identifier_type = blocked.identifier_type
            and points.identifier_value = blocked.identifier_value
)

select * from final
