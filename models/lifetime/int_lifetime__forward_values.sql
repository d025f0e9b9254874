-- one row per customer with a counted order, at the current as_of_date
with purchases as (
    select * from {{ ref('int_lifetime__purchases') }}
),

revenue as (
    select
        customer_id,
        customer_type,
        case when net_revenue_amount > 0 then net_revenue_amount else 0 end as revenue_amount
    from {{ ref('int_metrics__revenue_history') }}
    where is_current
),

buyers as (
    select
        purchases.*,
        revenue.customer_type,
        revenue.revenue_amount
    from purchases
    inner join revenue
        on purchases.customer_id = revenue.customer_id
),

-- The mean buyer of a customer type, kept as sums: they are exact.
peers as (
    select
        customer_type,
        count(*) as buyer_count,
        sum(btyd_frequency) as repeat_count,
        sum(btyd_age) as age_days,
        sum(purchase_count) as purchase_count,
        sum(revenue_amount) as revenue_amount
    from buyers
    group by customer_type
),

-- Every rate is taken together with half a mean buyer, every value with one mean purchase: a short
-- history leans on the peers, a long one hardly does. Both halves are doubled to stay whole numbers.
rated as (
    select
        buyers.customer_id,
        buyers.btyd_age - buyers.btyd_recency as waited_days,
        cast(2 * buyers.btyd_frequency * peers.buyer_count + peers.repeat_count as double)
        / nullif(2 * buyers.btyd_age * peers.buyer_count + peers.age_days, 0) as purchases_per_day,
        cast(
            (buyers.revenue_amount + peers.revenue_amount / peers.purchase_count)
            / (buyers.purchase_count + 1) as decimal(18, 4)
        ) as forward_purchase_average_amount
    from buyers
    inner join peers
        on buyers.customer_type = peers.customer_type
),

-- After a wait longer than the usual time, the rate is at most one purchase per wait.
forecast as (
    select
        customer_id,
        forward_purchase_average_amount,
        365 * case
            when purchases_per_day * waited_days > 1 then 1 / cast(waited_days as double)
            else purchases_per_day
        end as forward_purchase_count_12m
    from rated
),

final as (
    select
        customer_id,
        forward_purchase_count_12m,
        forward_purchase_average_amount,
        cast(
            forward_purchase_count_12m * cast(forward_purchase_average_amount as double)
            as decimal(18, 4)
        ) as forward_value_amount_12m
    from forecast
)

select * from final
