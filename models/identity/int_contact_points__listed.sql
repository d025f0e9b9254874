-- one row per source record, identifier type and value that somebody can be reached at
with erp_customers as (
    select
        customer_code,
        case
            when coalesce(customer_type, '{{ var("default_customer_type") }}') = 'business'
                then 'organisation'
            else 'person'
        end as party,
        email,
        phone
    from {{ ref('stg_erp__customers') }}
),

listed as (
    select
        'erp_customers' as source_table,
        customer_code as source_record_id,
        party,
        'email' as identifier_type,
        email as identifier_value
    from erp_customers

    union all

    select
        'erp_customers' as source_table,
        customer_code as source_record_id,
        party,
        'phone' as identifier_type,
        phone as identifier_value
    from erp_customers

    union all

    select
        'crm_accounts' as source_table,
        account_id as source_record_id,
        'organisation' as party,
        'phone' as identifier_type,
        phone as identifier_value
    from {{ ref('stg_crm__accounts') }}

    {% for identifier_type in ['email', 'phone', 'wechat_id'] %}
    union all

    select
        'crm_contacts' as source_table,
        contact_id as source_record_id,
        case when account_id is null then 'person' else 'organisation' end as party,
        '{{ identifier_type }}' as identifier_type,
        {{ identifier_type }} as identifier_value
    from {{ ref('stg_crm__contacts') }}

    union all

    select
        'marketing_subscribers' as source_table,
        subscriber_id as source_record_id,
        'unknown' as party,
        '{{ identifier_type }}' as identifier_type,
        {{ identifier_type }} as identifier_value
    from {{ ref('stg_marketing__subscribers') }}
    {% endfor %}

    {% for identifier_type in ['email', 'phone'] %}
    union all

    select
        'product_users' as source_table,
        user_id as source_record_id,
        case when account_id is null then 'unknown' else 'organisation' end as party,
        '{{ identifier_type }}' as identifier_type,
        {{ identifier_type }} as identifier_value
    from {{ ref('stg_product__users') }}

    union all

    select
        'support_tickets' as source_table,
        ticket_id as source_record_id,
        'unknown' as party,
        '{{ identifier_type }}' as identifier_type,
        requester_{{ identifier_type }} as identifier_value
    from {{ ref('stg_support__tickets') }}

    union all

    select
        'support_nps_responses' as source_table,
        response_id as source_record_id,
        'unknown' as party,
        '{{ identifier_type }}' as identifier_type,
        respondent_{{ identifier_type }} as identifier_value
    from {{ ref('stg_support__nps_responses') }}
    {% endfor %}
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
