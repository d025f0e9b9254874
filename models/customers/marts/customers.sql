-- one row per customer
with recorded as (
    select * from {{ ref('int_customers__recorded') }}
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

final as (
    select
        recorded.customer_id,
        recorded.customer_type,
        details.country,
        details.province,
        details.city,
        details.channel_type,
        recorded.source_record_count,
        completeness.conflicting_field_count,
        completeness.field_completeness_rate,
        details.customer_name is not null as has_name,
        details.email is not null as has_email,
        details.phone is not null as has_phone,
        -- Who has no dated record and did nothing is known from today on.
        least(
            coalesce(recorded.first_seen_date, as_of.as_of_date),
            coalesce(first_facts.first_fact_date, as_of.as_of_date)
        ) as first_seen_date
    from recorded
    cross join as_of
    inner join details
        on recorded.customer_id = details.customer_id
    inner join completeness
        on recorded.customer_id = completeness.customer_id
    left join first_facts
        on recorded.customer_id = first_facts.customer_id
)

select * from final
