-- one row per customer
{% set facts = {
    'int_contracts__attributed': 'start_date',
    'int_opportunities__attributed': 'created_date',
    'int_activities__attributed': 'occurred_date',
    'int_needs__attributed': 'noted_date',
    'int_product_events__attributed': 'occurred_date',
    'int_tickets__attributed': 'opened_date',
    'int_nps_responses__attributed': 'responded_date',
    'int_touches__attributed': 'occurred_date',
} %}
with recorded as (
    select * from {{ ref('int_customers__recorded') }}
),

details as (
    select * from {{ ref('customer_contact_details') }}
),

completeness as (
    select * from {{ ref('int_customers__completeness') }}
),

-- Facts about a customer from systems other than the order system.
facts as (
    {% for model, date in facts.items() -%}
    select
        customer_id,
        min({{ date }}) as first_fact_date
    from {{ ref(model) }}
    where customer_id is not null
    group by customer_id
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

first_facts as (
    select
        customer_id,
        min(first_fact_date) as first_fact_date
    from facts
    group by customer_id
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
        -- A customer without a dated record or fact is known from today on.
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
