-- one row per customer with a dated fact of a system other than the order system
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
with first_dates as (
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

final as (
    select
        customer_id,
        min(first_fact_date) as first_fact_date
    from first_dates
    group by customer_id
)

select * from final
