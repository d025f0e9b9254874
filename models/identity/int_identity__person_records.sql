-- one row per person of a further system who has no account
with people as (
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
)

select * from people
