-- one row per customer
with records as (
    select
        record_key,
        customer_type,
        source_table,
        first_seen_date,
        updated_at
    from {{ ref('int_identity__records') }}
),

identity_map as (
    select
        record_key,
        customer_id
    from {{ ref('customer_identity_map') }}
),

details as (
    select * from {{ ref('customer_contact_details') }}
),

completeness as (
    select * from {{ ref('int_customers__completeness') }}
),

first_facts as (
    select * from {{ ref('int_customers__first_facts') }}
),

as_of as (
    select as_of_date from {{ ref('as_of_dates') }} where is_current
),

-- A match rule never joins records of two types, so any record tells the type.
customer_records as (
    select
        identity_map.customer_id,
        min(records.customer_type) as customer_type,
        count(*) as source_record_count,
        min(records.first_seen_date) as first_seen_date
    from records
    inner join identity_map
        on records.record_key = identity_map.record_key
    group by identity_map.customer_id
),

final as (
    select
        customer_records.customer_id,
        customer_records.customer_type,
        details.country,
        details.province,
        details.city,
        details.channel_type,
        customer_records.source_record_count,
        completeness.conflicting_field_count,
        completeness.field_completeness_rate,
        details.customer_name is not null as has_name,
        details.email is not null as has_email,
        details.phone is not null as has_phone,
        -- Who has no dated record and did nothing is known from today on.
        least(
            coalesce(customer_records.first_seen_date, as_of.as_of_date),
            coalesce(first_facts.first_fact_date, as_of.as_of_date)
        ) as first_seen_date
    from customer_records
    cross join as_of
    inner join details
        on customer_records.customer_id = details.customer_id
    inner join completeness
        on customer_records.customer_id = completeness.customer_id
    left join first_facts
        on customer_records.customer_id = first_facts.customer_id
)

select * from final
