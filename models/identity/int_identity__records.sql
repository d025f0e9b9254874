-- one row per source record that stands for a customer
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

records as (
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
        people.source_system || ':' || people.source_table || ':' || people.source_record_id
            as record_key,
        people.source_system,
        people.source_table,
        people.source_record_id,
        'consumer' as customer_type,
        people.customer_name,
        cast(null as varchar) as given_name,
        cast(null as varchar) as surname,
        people.email,
        people.phone,
        people.wechat_id,
        cast(null as varchar) as tax_id,
        cast(null as varchar) as member_id,
        people.national_id,
        people.birth_date,
        cast(null as varchar) as address,
        cast(null as varchar) as street,
        cast(null as varchar) as house_number,
        people.city,
        people.province,
        people.country,
        cast(null as varchar) as postcode,
        cast(null as varchar) as website_domain,
        cast(null as varchar) as channel_type,
        people.first_seen_date,
        people.updated_at
    from {{ ref('int_identity__person_records') }} as people
    left join spokespeople
        on people.source_system || '_' || people.source_table = spokespeople.source_table
            and people.source_record_id = spokespeople.source_record_id
    where spokespeople.source_record_id is null
)

select * from records
