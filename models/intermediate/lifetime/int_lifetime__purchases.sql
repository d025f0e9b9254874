-- one row per customer with a counted order, at the current as_of_date
with orders as (
    select * from {{ ref('orders') }} where is_counted and customer_id is not null
),

dates as (
    select as_of_date from {{ ref('as_of_dates') }} where is_current
),

purchases as (
    select
        customer_id,
        ordered_date,
        sum(gross_revenue_amount - refund_amount) as net_amount
    from orders
    group by customer_id, ordered_date
),

sequenced as (
    select
        customer_id,
        ordered_date,
        net_amount,
        ordered_date > min(ordered_date) over (partition by customer_id) as is_repeat
    from purchases
),

summed as (
    select
        customer_id,
        count(*) as purchase_count,
        count(case when is_repeat then 1 end) as repeat_count,
        sum(case when is_repeat then net_amount else 0 end) as repeat_net_amount,
        min(ordered_date) as first_order_date,
        max(ordered_date) as last_order_date
    from sequenced
    group by customer_id
),

final as (
    select
        summed.customer_id,
        summed.purchase_count,
        summed.repeat_count as btyd_frequency,
        {{ dbt.datediff('summed.first_order_date', 'summed.last_order_date', 'day') }}
            as btyd_recency,
        {{ dbt.datediff('summed.first_order_date', 'dates.as_of_date', 'day') }} as btyd_age,
        cast(
            case when summed.repeat_net_amount > 0 then summed.repeat_net_amount else 0 end
            / nullif(summed.repeat_count, 0) as decimal(18, 4)
        ) as repeat_purchase_average_amount
    from summed
    cross join dates
)

select * from final
