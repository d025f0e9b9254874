-- one row per segment dimension, segment and as_of_date
{% set dimensions = {
    'tier': 'tier_key', 'lifecycle_stage': 'lifecycle_stage_key', 'rfm_segment': 'rfm_segment_key',
    'rfm_group': 'rfm_group_key', 'matrix': 'matrix_key', 'customer_type': 'customer_type',
} %}
with segments as (
    select * from {{ ref('customer_segments_history') }}
),

labels as (
    select * from {{ ref('labels') }}
),

members as (
    {% for dimension, column in dimensions.items() -%}
    select
        '{{ dimension }}' as segment_dimension,
        {{ column }} as segment_key,
        as_of_date,
        order_count,
        gross_revenue_amount,
        net_revenue_amount,
        net_revenue_amount_365d
    from segments
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

profiles as (
    select
        segment_dimension,
        segment_key,
        as_of_date,
        count(*) as customer_count,
        sum(order_count) as order_count,
        sum(gross_revenue_amount) as gross_revenue_amount,
        sum(net_revenue_amount) as net_revenue_amount,
        sum(net_revenue_amount_365d) as net_revenue_amount_365d
    from members
    group by segment_dimension, segment_key, as_of_date
),

final as (
    select
        profiles.segment_dimension,
        profiles.segment_key,
        profiles.as_of_date,
        labels.name_en,
        labels.name_zh,
        profiles.customer_count,
        cast(profiles.order_count as bigint) as order_count,
        cast(profiles.gross_revenue_amount as decimal(18, 4)) as gross_revenue_amount,
        cast(profiles.net_revenue_amount as decimal(18, 4)) as net_revenue_amount,
        cast(profiles.net_revenue_amount_365d as decimal(18, 4)) as net_revenue_amount_365d,
        cast(profiles.customer_count as double) / sum(profiles.customer_count) over (
            partition by profiles.segment_dimension, profiles.as_of_date
        ) as customer_share_rate,
        cast(profiles.net_revenue_amount as double) / nullif(
            cast(sum(profiles.net_revenue_amount) over (
                partition by profiles.segment_dimension, profiles.as_of_date
            ) as double), 0
        ) as net_revenue_share_rate
    from profiles
    left join labels
        on profiles.segment_dimension = labels.kind
            and profiles.segment_key = labels.outcome_key
)

select * from final
