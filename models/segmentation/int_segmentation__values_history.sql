-- one row per customer per as_of_date
{% set value_metrics = [
    'net_revenue_amount', 'net_revenue_amount_90d', 'net_revenue_amount_365d',
    'gross_revenue_amount', 'gross_revenue_amount_365d', 'profit_amount', 'profit_amount_365d',
    'annual_contract_amount',
] %}
with metrics as (
    select * from {{ ref('customer_metrics_history') }}
),

policy as (
    select
        value_metric,
        consumer_value_metric,
        rolls_up_to_parent
    from {{ ref('int_policy__current') }}
),

groups as (
    select * from {{ ref('int_segmentation__groups') }}
),

-- Only positive value is shared out; a year of refunds is no value, nor is an unknown profit.
own_values as (
    select
        metrics.customer_id,
        metrics.as_of_date,
        metrics.customer_type,
        case when policy.rolls_up_to_parent then groups.group_customer_id end as group_customer_id,
        greatest(
            coalesce(
                case
                    when metrics.customer_type = 'consumer'
                        then {{ metric_value(
                            'policy.consumer_value_metric', 'metrics', value_metrics,
                            'decimal(18, 4)'
                        ) | indent(24) }}
                    else {{ metric_value(
                        'policy.value_metric', 'metrics', value_metrics, 'decimal(18, 4)'
                    ) | indent(20) }}
                end,
                0
            ),
            0
        ) as own_value_amount
    from metrics
    cross join policy
    left join groups
        on metrics.customer_id = groups.customer_id
),

group_values as (
    select
        group_customer_id,
        as_of_date,
        customer_type,
        cast(sum(own_value_amount) as decimal(18, 4)) as value_amount
    from own_values
    where group_customer_id is not null
    group by group_customer_id, as_of_date, customer_type
),

valued as (
    select
        own_values.customer_id,
        own_values.as_of_date,
        own_values.customer_type,
        own_values.group_customer_id,
        own_values.own_value_amount,
        coalesce(group_values.value_amount, own_values.own_value_amount) as value_amount
    from own_values
    left join group_values
        on own_values.group_customer_id = group_values.group_customer_id
            and own_values.as_of_date = group_values.as_of_date
            and own_values.customer_type = group_values.customer_type
),

-- A group shares in the value of all once, however many customers it has.
holders as (
    select
        as_of_date,
        customer_type,
        value_amount
    from valued
    where group_customer_id is null

    union all

    select
        as_of_date,
        customer_type,
        value_amount
    from group_values
),

value_steps as (
    select
        as_of_date,
        customer_type,
        value_amount,
        sum(value_amount) as step_amount,
        count(*) as step_count
    from holders
    group by as_of_date, customer_type, value_amount
),

-- Customers of equal value form one step, so that they share what stands above them.
ranked_steps as (
    select
        as_of_date,
        customer_type,
        value_amount,
        sum(step_amount) over (
            partition by as_of_date, customer_type order by value_amount desc
        ) - step_amount as higher_amount,
        sum(step_amount) over (partition by as_of_date, customer_type) as total_amount,
        sum(step_count) over (
            partition by as_of_date, customer_type order by value_amount desc
        ) - step_count as higher_count,
        sum(case when value_amount > 0 then step_count else 0 end) over (
            partition by as_of_date, customer_type
        ) as total_count
    from value_steps
),

value_shares as (
    select
        as_of_date,
        customer_type,
        value_amount,
        cast(higher_amount as double) / nullif(cast(total_amount as double), 0)
            as higher_value_share_rate,
        case
            when value_amount > 0
                then cast(total_count - higher_count as double) / cast(total_count as double)
        end as value_percentile_rate
    from ranked_steps
),

final as (
    select
        valued.customer_id,
        valued.as_of_date,
        valued.customer_type,
        valued.group_customer_id,
        valued.own_value_amount,
        valued.value_amount,
        value_shares.higher_value_share_rate,
        value_shares.value_percentile_rate
    from valued
    inner join value_shares
        on valued.as_of_date = value_shares.as_of_date
            and valued.customer_type = value_shares.customer_type
            and valued.value_amount = value_shares.value_amount
)

select * from final
