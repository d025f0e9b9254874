-- one row per source record that stands for a customer
with records as (
    select
        record_key,
        'erp' as source_system,
        source_table,
        source_record_id,
        customer_type,
        customer_name,
        given_name,
        surname,
        email,
        phone,
        cast(null as varchar) as wechat_id,
        tax_id,
        member_id,
        national_id,
        birth_date,
        address,
        street,
        house_number,
        city,
        province,
        country,
        postcode,
        website_domain,
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
        cast(null as varchar) as given_name,
        cast(null as varchar) as surname,
        cast(null as varchar) as email,
        phone,
        cast(null as varchar) as wechat_id,
        tax_id,
        cast(null as varchar) as member_id,
        cast(null as varchar) as national_id,
        cast(null as date) as birth_date,
        address,
        cast(null as varchar) as street,
        cast(null as varchar) as house_number,
        city,
        province,
        country,
        cast(null as varchar) as postcode,
        website_domain,
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
        cast(null as varchar) as given_name,
        cast(null as varchar) as surname,
        email,
        phone,
        wechat_id,
        cast(null as varchar) as tax_id,
        cast(null as varchar) as member_id,
        national_id,
        birth_date,
        cast(null as varchar) as address,
        cast(null as varchar) as street,
        cast(null as varchar) as house_number,
        city,
        province,
        country,
        cast(null as varchar) as postcode,
        cast(null as varchar) as website_domain,
        cast(null as varchar) as channel_type,
        first_seen_date,
        updated_at
    from {{ ref('int_identity__person_records') }}
)

select * from records
