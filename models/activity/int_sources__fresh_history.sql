-- one row per as_of_date: which source tables the metrics of customers can be known from by then
{% set facts = [
    'erp_order_lines', 'product_categories', 'product_costs', 'crm_opportunities', 'crm_activities',
    'crm_needs', 'billing_contracts', 'product_events', 'support_tickets', 'support_nps_responses',
    'marketing_touches',
] %}
with product_lines as (
    select
        count(product_category) as category_count,
        count(product_cost_amount) as cost_count
    from {{ ref('int_order_lines__valued') }}
    where customer_id is not null
),

-- Facts of customers and their source tables.
facts as (
    select
        source_table as fact,
        source_table,
        tied_count
    from {{ ref('int_sources__link_counts') }}

    union all

    select
        'product_categories' as fact,
        'erp_order_lines' as source_table,
        category_count as tied_count
    from product_lines

    union all

    select
        'product_costs' as fact,
        'erp_order_lines' as source_table,
        cost_count as tied_count
    from product_lines
),

limits as (
    select
        limits.source_table,
        limits.stale_after_days,
        counted.newest_date
    from {{ ref('source_limits') }} as limits
    inner join {{ ref('int_policy__current') }} as policy
        on limits.policy_key = policy.policy_key
    inner join {{ ref('int_source_rows__counted') }} as counted
        on limits.source_table = counted.source_table
),

-- A table without a limit, or whose rows carry no date, is never stale.
judged as (
    select
        dates.as_of_date,
        facts.fact,
        facts.tied_count > 0 as is_tied,
        coalesce(
            {{ dbt.datediff('limits.newest_date', 'dates.as_of_date', 'day') }}
                <= limits.stale_after_days,
            true
        ) as is_fresh
    from {{ ref('as_of_dates') }} as dates
    cross join facts
    left join limits
        on facts.source_table = limits.source_table
)

select
    as_of_date,
    {% for fact in facts -%}
    max(case when fact = '{{ fact }}' and is_tied and is_fresh then 1 else 0 end) = 1
        as has_{{ fact }},
    {% endfor -%}
    max(
        case
            when is_tied
                and fact in (
                    'crm_activities', 'crm_needs', 'product_events', 'support_tickets',
                    'support_nps_responses', 'marketing_touches'
                )
                then 1
            else 0
        end
    ) = 1 as has_interactions
from judged
group by as_of_date
