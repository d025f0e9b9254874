-- Fails if cost, minutes, touches, tickets, answers or logins up to a date are not all with the
-- customers of that date, or with nobody.
with dates as (
    select as_of_date from {{ ref('as_of_dates') }}
),

costs as (
    select
        dates.as_of_date,
        sum(lines.product_cost_amount) as product_cost_amount
    from dates
    inner join {{ ref('int_orders__valued') }} as orders
        on dates.as_of_date >= orders.ordered_date
    inner join (
        select
            lines.order_id,
            sum(cast(lines.quantity * products.unit_cost * products.exchange_rate as decimal(18, 4)))
                as product_cost_amount
        from {{ ref('stg_erp__order_lines') }} as lines
        inner join {{ ref('stg_erp__products') }} as products
            on lines.product_code = products.product_code
        group by lines.order_id
    ) as lines
        on orders.order_id = lines.order_id
    where orders.is_counted and orders.customer_code is not null
    group by dates.as_of_date
),

{% for name, model, key, date, sums in [
    ('tickets', 'tickets', 'ticket_id', 'opened_date', 'handling_minutes'),
    ('touches', 'touches', 'touch_id', 'occurred_date', none),
    ('responses', 'nps_responses', 'response_id', 'responded_date', none),
] -%}
{% set system = 'marketing' if model == 'touches' else 'support' %}
{{ name }} as (
    select
        dates.as_of_date,
        count(staged.{{ key }}) as row_count,
        count(staged.{{ key }}) - count(attributed.customer_id) as nobodys_count
        {%- if sums %},
        sum(staged.{{ sums }}) as {{ sums }},
        sum(case when attributed.customer_id is null then staged.{{ sums }} else 0 end)
            as nobodys_{{ sums }}
        {%- endif %}
    from dates
    left join {{ ref('stg_' ~ system ~ '__' ~ model) }} as staged
        on dates.as_of_date >= staged.{{ date }}
    left join {{ ref('int_' ~ model ~ '__attributed') }} as attributed
        on staged.{{ key }} = attributed.{{ key }}
    group by dates.as_of_date
),
{% endfor %}

logins as (
    select
        dates.as_of_date,
        count(staged.event_id) as row_count,
        count(staged.event_id) - count(attributed.customer_id) as nobodys_count
    from dates
    left join {{ ref('stg_product__events') }} as staged
        on dates.as_of_date >= staged.occurred_date
            and staged.event_type = 'login'
    left join {{ ref('int_product_events__attributed') }} as attributed
        on staged.event_id = attributed.event_id
    group by dates.as_of_date
),

metrics as (
    select
        as_of_date,
        sum(product_cost_amount) as product_cost_amount,
        sum(handling_minutes) as handling_minutes,
        sum(ticket_count) as ticket_count,
        sum(touch_count) as touch_count,
        sum(nps_response_count) as nps_response_count,
        sum(login_count) as login_count
    from {{ ref('customer_metrics_history') }}
    group by as_of_date
),

compared as (
    select
        metrics.as_of_date,
        coalesce(metrics.product_cost_amount, 0) - coalesce(costs.product_cost_amount, 0)
            as product_cost_difference,
        coalesce(metrics.handling_minutes, 0) + coalesce(tickets.nobodys_handling_minutes, 0)
        - coalesce(tickets.handling_minutes, 0) as handling_minutes_difference,
        coalesce(metrics.ticket_count, 0) + tickets.nobodys_count - tickets.row_count
            as ticket_difference,
        coalesce(metrics.touch_count, 0) + touches.nobodys_count - touches.row_count
            as touch_difference,
        coalesce(metrics.nps_response_count, 0) + responses.nobodys_count - responses.row_count
            as nps_response_difference,
        coalesce(metrics.login_count, 0) + logins.nobodys_count - logins.row_count
            as login_difference
    from metrics
    left join costs
        on metrics.as_of_date = costs.as_of_date
    inner join tickets
        on metrics.as_of_date = tickets.as_of_date
    inner join touches
        on metrics.as_of_date = touches.as_of_date
    inner join responses
        on metrics.as_of_date = responses.as_of_date
    inner join logins
        on metrics.as_of_date = logins.as_of_date
)

select *
from compared
where product_cost_difference <> 0
    or handling_minutes_difference <> 0
    or ticket_difference <> 0
    or touch_difference <> 0
    or nps_response_difference <> 0
    or login_difference <> 0
