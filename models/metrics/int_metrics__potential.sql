-- one row per customer
with revenue as (
    select * from {{ ref('int_metrics__revenue_history') }} where is_current
),

profiles as (
    select * from {{ ref('int_metrics__profiles') }}
),

sales as (
    select * from {{ ref('int_metrics__sales_history') }}
),

customers as (
    select
        revenue.customer_id,
        revenue.customer_type,
        case
            when revenue.customer_type = 'business'
                then profiles.industry || ' ' || profiles.size_band
            else profiles.income_band
        end as peer_group_key,
        revenue.net_revenue_amount_365d,
        coalesce(sales.open_opportunity_amount, 0) as open_opportunity_amount,
        revenue.order_count_365d > 0 as is_buyer,
        coalesce(profiles.industry, profiles.size_band, profiles.income_band) is not null
        or sales.open_opportunity_count > 0
        or sales.won_opportunity_count > 0
        or sales.lost_opportunity_count > 0 as is_judged
    from revenue
    left join profiles
        on revenue.customer_id = profiles.customer_id
    left join sales
        on revenue.customer_id = sales.customer_id
            and revenue.as_of_date = sales.as_of_date
),

-- The upper quartile of fewer buyers than these would be an accident of a few.
peer_groups as (
    select
        customer_type,
        peer_group_key,
        percentile_cont(0.75) within group (order by net_revenue_amount_365d)
            as net_revenue_amount
    from customers
    where is_buyer and peer_group_key is not null
    group by customer_type, peer_group_key
    having count(*) >= 20
),

customer_types as (
    select
        customer_type,
        percentile_cont(0.75) within group (order by net_revenue_amount_365d)
            as net_revenue_amount
    from customers
    where is_buyer
    group by customer_type
),

compared as (
    select
        customers.*,
        coalesce(peer_groups.peer_group_key, customers.customer_type) as compared_group_key,
        cast(
            coalesce(peer_groups.net_revenue_amount, customer_types.net_revenue_amount)
            as decimal(18, 4)
        ) as peer_net_revenue_amount
    from customers
    left join peer_groups
        on customers.customer_type = peer_groups.customer_type
            and customers.peer_group_key = peer_groups.peer_group_key
    left join customer_types
        on customers.customer_type = customer_types.customer_type
),

final as (
    select
        customer_id,
        compared_group_key as peer_group_key,
        peer_net_revenue_amount,
        case
            when is_judged
                then
                    cast(
                        open_opportunity_amount
                        + greatest(coalesce(peer_net_revenue_amount - net_revenue_amount_365d, 0), 0)
                        as decimal(18, 4)
                    )
        end as potential_amount
    from compared
)

select * from final
