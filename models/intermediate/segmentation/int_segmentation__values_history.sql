-- one row per customer per as_of_date
with revenue as (
    select * from {{ ref('int_metrics__revenue_history') }}
),

policy as (
    select value_metric from {{ ref('int_policy__current') }}
),

-- Only positive value is shared out; a year of refunds is no value.
valued as (
    select
        revenue.customer_id,
        revenue.as_of_date,
        revenue.customer_type,
        greatest(
            {{ metric_value('policy.value_metric', 'revenue', [
                'net_revenue_amount', 'net_revenue_amount_90d', 'net_revenue_amount_365d',
                'gross_revenue_amount', 'gross_revenue_amount_365d',
            ], 'decimal(18, 4)') }},
            0
        ) as value_amount
    from revenue
    cross join policy
),

value_steps as (
    select
        as_of_date,
        customer_type,
        value_amount,
        sum(value_amount) as step_amount
    from valued
    group by as_of_date, customer_type, value_amount
),

-- Customers of equal value form one step, so that they share what stands above them.
value_shares as (
    select
        as_of_date,
        customer_type,
        value_amount,
        cast(
            sum(step_amount) over (
                partition by as_of_date, customer_type order by value_amount desc
            ) - step_amount as double
        ) / nullif(
            cast(sum(step_amount) over (partition by as_of_date, customer_type) as double), 0
        ) as higher_value_share_rate
    from value_steps
),

final as (
    select
        valued.customer_id,
        valued.as_of_date,
        valued.customer_type,
        valued.value_amount,
        value_shares.higher_value_share_rate
    from valued
    inner join value_shares
        on valued.as_of_date = value_shares.as_of_date
            and valued.customer_type = value_shares.customer_type
            and valued.value_amount = value_shares.value_amount
)

select * from final
