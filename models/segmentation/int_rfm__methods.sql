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

chosen as (
    select
        buyers.customer_type,
        buyers.buyer_count,
        first_orders.history_days,
        case
            when policy.rfm_method = 'bands' then 'policy'
            when buyers.buyer_count < policy.minimum_buyers then 'too_few_buyers'
            when first_orders.history_days < policy.minimum_history_days then 'too_short_history'
            else 'policy'
        end as rfm_method_reason,
        policy.rfm_method as policy_rfm_method
    from buyers
    cross join policy
    inner join first_orders
        on buyers.customer_type = first_orders.customer_type
),

final as (
    select
        customer_type,
        buyer_count,
        history_days,
        case when rfm_method_reason = 'policy' then policy_rfm_method else 'bands' end as rfm_method,
        rfm_method_reason
    from chosen
)

select * from final
