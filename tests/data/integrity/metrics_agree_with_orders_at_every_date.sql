-- Fails if the customers of a date do not have all orders, revenue and refunds up to that date.
{% set year_start = dbt.dateadd('day', -365, 'dates.as_of_date') %}
{% set order_columns = [
    'order_count', 'order_count_365d', 'gross_revenue_amount', 'gross_revenue_amount_365d',
] %}
with dates as (
    select as_of_date from {{ ref('as_of_dates') }}
),

-- Guest orders belong to no customer.
orders as (
    select
        dates.as_of_date,
        count(*) as order_count,
        sum(orders.gross_revenue_amount) as gross_revenue_amount,
        sum(case when orders.ordered_date > {{ year_start }} then 1 else 0 end)
            as order_count_365d,
        sum(
            case
                when orders.ordered_date > {{ year_start }} then orders.gross_revenue_amount
                else 0
            end
        ) as gross_revenue_amount_365d
    from dates
    inner join {{ ref('orders') }} as orders
        on dates.as_of_date >= orders.ordered_date
    where orders.is_counted and orders.customer_id is not null
    group by dates.as_of_date
),

refunds as (
    select
        dates.as_of_date,
        sum(refunds.refund_amount) as refund_amount,
        sum(
            case when refunds.refunded_date > {{ year_start }} then refunds.refund_amount else 0 end
        ) as refund_amount_365d
    from dates
    inner join {{ ref('int_refunds__attributed') }} as refunds
        on dates.as_of_date >= refunds.refunded_date
    where refunds.is_counted and refunds.customer_code is not null
    group by dates.as_of_date
),

metrics as (
    select
        as_of_date,
        sum(order_count) as order_count,
        sum(order_count_365d) as order_count_365d,
        sum(gross_revenue_amount) as gross_revenue_amount,
        sum(gross_revenue_amount_365d) as gross_revenue_amount_365d,
        sum(refund_amount) as refund_amount,
        sum(refund_amount_365d) as refund_amount_365d
    from {{ ref('customer_metrics_history') }}
    group by as_of_date
),

compared as (
    select
        dates.as_of_date,
        {% for column in order_columns -%}
        coalesce(orders.{{ column }}, 0) as expected_{{ column }},
        coalesce(metrics.{{ column }}, 0) as {{ column }},
        {% endfor -%}
        coalesce(refunds.refund_amount, 0) as expected_refund_amount,
        coalesce(metrics.refund_amount, 0) as refund_amount,
        coalesce(refunds.refund_amount_365d, 0) as expected_refund_amount_365d,
        coalesce(metrics.refund_amount_365d, 0) as refund_amount_365d
    from dates
    left join orders
        on dates.as_of_date = orders.as_of_date
    left join refunds
        on dates.as_of_date = refunds.as_of_date
    left join metrics
        on dates.as_of_date = metrics.as_of_date
)

select *
from compared
where expected_order_count <> order_count
    or expected_order_count_365d <> order_count_365d
    or expected_gross_revenue_amount <> gross_revenue_amount
    or expected_gross_revenue_amount_365d <> gross_revenue_amount_365d
    or expected_refund_amount <> refund_amount
    or expected_refund_amount_365d <> refund_amount_365d
