-- one row per customer, at the current as_of_date
with customers as (
    select * from {{ ref('customers') }}
),

profiles as (
    select * from {{ ref('int_metrics__profiles') }}
),

purchases as (
    select * from {{ ref('int_metrics__purchases_history') }}
),

opportunities as (
    select * from {{ ref('int_metrics__opportunities_history') }}
),

measured as (
    select
        customers.customer_id,
        profiles.as_of_date,
        customers.customer_type,
        case
            when customers.customer_type = 'business'
                then profiles.industry || ' ' || profiles.size_band
            else profiles.income_band
        end as peer_group_key,
        coalesce(purchases.net_revenue_amount_365d, 0) as net_revenue_amount_365d,
        coalesce(opportunities.open_opportunity_amount, 0) as open_opportunity_amount,
        purchases.order_count_365d > 0 as is_buyer,
        coalesce(profiles.industry, profiles.size_band, profiles.income_band) is not null
        or opportunities.open_opportunity_count + opportunities.won_opportunity_count
        + opportunities.lost_opportunity_count > 0 as is_judged
    from customers
    inner join profiles
        on customers.customer_id = profiles.customer_id
    left join purchases
        on customers.customer_id = purchases.customer_id
            and profiles.as_of_date = purchases.as_of_date
    left join opportunities
        on customers.customer_id = opportunities.customer_id
            and profiles.as_of_date = opportunities.as_of_date
),

-- The upper quartile of fewer buyers than these would be an accident of a few.
peer_groups as (
    select
        customer_type,
        peer_group_key,
        percentile_cont(0.75) within group (order by net_revenue_amount_365d)
            as net_revenue_amount
    from measured
    where is_buyer and peer_group_key is not null
    group by customer_type, peer_group_key
    having count(*) >= 20
),

customer_types as (
    select
        customer_type,
        percentile_cont(0.75) within group (order by net_revenue_amount_365d)
            as net_revenue_amount
    from measured
    where is_buyer
    group by customer_type
),

compared as (
    select
        measured.*,
        cast(
            coalesce(peer_groups.net_revenue_amount, customer_types.net_revenue_amount)
            as decimal(18, 4)
        ) as peer_net_revenue_amount
    from measured
    left join peer_groups
        on measured.customer_type = peer_groups.customer_type
            and measured.peer_group_key = peer_groups.peer_group_key
    left join customer_types
        on measured.customer_type = customer_types.customer_type
),

final as (
    select
        customer_id,
        as_of_date,
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
