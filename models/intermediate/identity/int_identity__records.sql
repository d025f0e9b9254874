-- one row per source record that stands for a customer
with records as (
    select
        record_key,
        'erp' as source_system,
        source_table,
        source_record_id,
        customer_type,
        customer_name,
        email,
        phone,
        cast(null as varchar) as wechat_id,
        tax_id,
        member_id,
        address,
        city,
        province,
        country,
        postcode,
        channel_type,
        first_seen_date,
        updated_at
    from {{ ref('int_identity__erp_records') }}

    union all

    select
        'crm:accounts:' || account_id as record_key,
        'crm' as source_system,
        'accounts' as source_table,
        account_id as source_record_id,
        'business' as customer_type,
        account_name as customer_name,
        cast(null as varchar) as email,
        phone,
        cast(null as varchar) as wechat_id,
        tax_id,
        cast(null as varchar) as member_id,
        address,
        city,
        province,
        country,
        cast(null as varchar) as postcode,
        cast(null as varchar) as channel_type,
        created_date as first_seen_date,
        coalesce(updated_at, created_at) as updated_at
    from {{ ref('stg_crm__accounts') }}

    union all

    select
        source_system || ':' || source_table || ':' || source_record_id as record_key,
        source_system,
        source_table,
        source_record_id,
        'consumer' as customer_type,
        customer_name,
        email,
        phone,
        wechat_id,
        cast(null as varchar) as tax_id,
        cast(null as varchar) as member_id,
        cast(null as varchar) as address,
        city,
        province,
        country,
        cast(null as varchar) as postcode,
        cast(null as varchar) as channel_type,
        first_seen_date,
        updated_at
    from {{ ref('int_identity__person_records') }}
),

final as (
    select
        record_key,
        source_system,
        source_table,
        source_record_id,
        customer_type,
        customer_name,
        lower(regexp_replace(customer_name, '[\s.,·、()-]+', '', 'g')) as normalised_name,
        email,
        phone,
        wechat_id,
        tax_id,
        member_id,
        address,
        city,
        province,
        country,
        postcode,
        channel_type,
        first_seen_date,
        updated_at
    from records
)

select * from final
