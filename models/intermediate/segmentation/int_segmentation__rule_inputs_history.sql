-- one row per customer per as_of_date: every number and key that a first-stage rule may use
with metrics as (
    select * from {{ ref('customer_metrics_history') }}
),

scores as (
    select * from {{ ref('int_rfm__scores_history') }}
),

policy as (
    select value_metric from {{ ref('int_policy__current') }}
),

-- Only positive value is shared out; a year of refunds is no value.
valued as (
    select
        metrics.customer_id,
        metrics.as_of_date,
        metrics.customer_type,
        greatest(
            {{ metric_value('policy.value_metric', 'metrics', [
                'net_revenue_amount', 'net_revenue_amount_90d', 'net_revenue_amount_365d',
                'gross_revenue_amount', 'gross_revenue_amount_365d',
            ], 'decimal(18, 4)') }},
            0
        ) as value_amount
    from metrics
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
        metrics.*,
        valued.value_amount,
        value_shares.higher_value_share_rate,
        coalesce(scores.rfm_segment_key, 'no_order') as rfm_segment_key,
        coalesce(scores.rfm_group_key, 'no_order') as rfm_group_key,
        scores.recency_score,
        scores.frequency_score,
        scores.monetary_score,
        scores.rfm_score
    from metrics
    inner join valued
        on metrics.customer_id = valued.customer_id
            and metrics.as_of_date = valued.as_of_date
    inner join value_shares
        on valued.as_of_date = value_shares.as_of_date
            and valued.customer_type = value_shares.customer_type
            and valued.value_amount = value_shares.value_amount
    left join scores
        on metrics.customer_id = scores.customer_id
            and metrics.as_of_date = scores.as_of_date
)

select * from final
