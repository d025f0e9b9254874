-- one row per as_of_date: which source tables the metrics of customers can be known from by then
{% set columns = {
    'erp_order_lines': 'erp_order_lines', 'product_categories': 'erp_order_lines',
    'product_costs': 'erp_order_lines', 'crm_opportunities': 'crm_opportunities',
    'crm_activities': 'crm_activities', 'crm_needs': 'crm_needs',
    'billing_contracts': 'billing_contracts', 'product_events': 'product_events',
    'support_tickets': 'support_tickets', 'support_nps_responses': 'support_nps_responses',
    'marketing_touches': 'marketing_touches',
} %}
with dates as (
    select as_of_date from {{ ref('as_of_dates') }}
),

presence as (
    select * from {{ ref('int_source_presence') }}
),

policy as (
    select policy_key from {{ ref('int_policy__current') }}
),

-- Tables whose newest row is too old on that day. A table without a limit, or whose rows carry no
-- date, is never stale.
stale_tables as (
    select
        dates.as_of_date,
        limits.source_table
    from {{ ref('source_limits') }} as limits
    inner join policy
        on limits.policy_key = policy.policy_key
    inner join {{ ref('source_readiness') }} as readiness
        on limits.source_table = readiness.source_table
    cross join dates
    where {{ dbt.datediff('readiness.newest_date', 'dates.as_of_date', 'day') }}
        > limits.stale_after_days
),

final as (
    select
        dates.as_of_date,
        {% for column, source_table in columns.items() -%}
        presence.has_{{ column }}
        and max(case when stale_tables.source_table = '{{ source_table }}' then 1 else 0 end) = 0
            as has_{{ column }},
        {% endfor -%}
        presence.has_interactions
    from dates
    cross join presence
    left join stale_tables
        on dates.as_of_date = stale_tables.as_of_date
    group by
        dates.as_of_date,
        {% for column in columns -%}
        presence.has_{{ column }},
        {% endfor -%}
        presence.has_interactions
)

select * from final
