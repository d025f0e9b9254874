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

summed as (
    select
        customer_id,
        count(*) as purchase_count,
        sum(net_amount) as net_amount,
        min(ordered_date) as first_order_date,
        max(ordered_date) as last_order_date
    from purchases
    group by customer_id
),

repeats as (
    select
        summed.customer_id,
        summed.purchase_count,
        summed.purchase_count - 1 as repeat_count,
        summed.net_amount - first_purchases.net_amount as repeat_net_amount,
        summed.first_order_date,
        summed.last_order_date
    from summed
    inner join purchases as first_purchases
        on summed.customer_id = first_purchases.customer_id
            and summed.first_order_date = first_purchases.ordered_date
),

final as (
    select
        repeats.customer_id,
        repeats.purchase_count,
        repeats.repeat_count as btyd_frequency,
        {{ dbt.datediff('repeats.first_order_date', 'repeats.last_order_date', 'day') }}
            as btyd_recency,
        {{ dbt.datediff('repeats.first_order_date', 'dates.as_of_date', 'day') }} as btyd_age,
        cast(
            case when repeats.repeat_net_amount > 0 then repeats.repeat_net_amount else 0 end
            / nullif(repeats.repeat_count, 0) as decimal(18, 4)
        ) as repeat_purchase_average_amount
    from repeats
    cross join dates
)

select * from final
