-- one row per person of a further system who belongs to no known organisation
with points as (
    select * from {{ ref('int_contact_points__listed') }} where not is_blocked
),

organisation_values as (
    select
        identifier_type,
        identifier_value
    from points
    where party = 'organisation'
    group by identifier_type, identifier_value
),

-- Somebody who shares an address with an organisation speaks for it, and is no consumer.
spokespeople as (
    select
        points.source_table,
        points.source_record_id
    from points
    inner join organisation_values
        on points.identifier_type = organisation_values.identifier_type
            and points.identifier_value = organisation_values.identifier_value
    where points.party = 'unknown'
    group by points.source_table, points.source_record_id
),

people as (
    select
        'crm' as source_system,
        'contacts' as source_table,
        contact_id as source_record_id,
        full_name as customer_name,
        email,
        phone,
        wechat_id,
        national_id,
        birth_date,
        city,
        province,
        country,
        created_date as first_seen_date,
        coalesce(updated_at, created_at) as updated_at
    from {{ ref('stg_crm__contacts') }}
    where account_id is null

    union all

    select
        'product' as source_system,
        'users' as source_table,
        user_id as source_record_id,
        cast(null as varchar) as customer_name,
        email,
        phone,
        cast(null as varchar) as wechat_id,
        cast(null as varchar) as national_id,
        cast(null as date) as birth_date,
        cast(null as varchar) as city,
        cast(null as varchar) as province,
        cast(null as varchar) as country,
        created_date as first_seen_date,
        coalesce(updated_at, created_at) as updated_at
    from {{ ref('stg_product__users') }}
    where account_id is null

    union all

    select
        'marketing' as source_system,
        'subscribers' as source_table,
        subscriber_id as source_record_id,
        full_name as customer_name,
        email,
        phone,
        wechat_id,
        cast(null as varchar) as national_id,
        cast(null as date) as birth_date,
        city,
        cast(null as varchar) as province,
        cast(null as varchar) as country,
        created_date as first_seen_date,
        coalesce(updated_at, created_at) as updated_at
    from {{ ref('stg_marketing__subscribers') }}
),

final as (
    select people.*
    from people
    left join spokespeople
        on people.source_system || '_' || people.source_table = spokespeople.source_table
            and people.source_record_id = spokespeople.source_record_id
    where spokespeople.source_record_id is null
)

select * from final
