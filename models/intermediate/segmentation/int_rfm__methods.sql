-- one row per customer type: how its RFM scores are cut in this run
with measures as (
    select * from {{ ref('int_rfm__measures_history') }} where is_current
),

policy as (
    select * from {{ ref('int_policy__current') }}
),

first_orders as (
    select
        customer_type,
        max(days_since_first_order) as history_days
    from {{ ref('int_metrics__purchases_history') }}
    where is_current
    group by customer_type
),

buyers as (
    select
        customer_type,
        sum(case when is_in_rfm_window then 1 else 0 end) as buyer_count
    from measures
    group by customer_type
),

final as (
    select
        buyers.customer_type,
        buyers.buyer_count,
        first_orders.history_days,
        case
            when policy.rfm_method = 'quantile'
                and buyers.buyer_count >= policy.minimum_buyers
                and first_orders.history_days >= policy.minimum_history_days
                then 'quantile'
            else 'bands'
        end as rfm_method
    from buyers
    cross join policy
    inner join first_orders
        on buyers.customer_type = first_orders.customer_type
)

select * from final
