-- Fails if the segments of a dimension do not add up to all customers and revenue of a date.
with dimensions as (
    {% for dimension in ['tier', 'lifecycle_stage', 'rfm_segment', 'rfm_group', 'matrix', 'customer_type'] -%}
    select '{{ dimension }}' as segment_dimension
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

totals as (
    select
        as_of_date,
        count(*) as customer_count,
        sum(order_count) as order_count,
        sum(gross_revenue_amount) as gross_revenue_amount,
        sum(net_revenue_amount) as net_revenue_amount,
        sum(net_revenue_amount_365d) as net_revenue_amount_365d
    from {{ ref('customer_metrics_history') }}
    group by as_of_date
),

profiles as (
    select
        segment_dimension,
        as_of_date,
        sum(customer_count) as customer_count,
        sum(order_count) as order_count,
        sum(gross_revenue_amount) as gross_revenue_amount,
        sum(net_revenue_amount) as net_revenue_amount,
        sum(net_revenue_amount_365d) as net_revenue_amount_365d,
        sum(customer_share_rate) as customer_share_rate,
        sum(net_revenue_share_rate) as net_revenue_share_rate
    from {{ ref('segment_profiles') }}
    group by segment_dimension, as_of_date
),

expected as (
    select
        dimensions.segment_dimension,
        totals.*
    from dimensions
    cross join totals
)

select
    coalesce(expected.segment_dimension, profiles.segment_dimension) as segment_dimension,
    coalesce(expected.as_of_date, profiles.as_of_date) as as_of_date,
    expected.customer_count as expected_customer_count,
    profiles.customer_count,
    expected.net_revenue_amount as expected_net_revenue_amount,
    profiles.net_revenue_amount,
    profiles.customer_share_rate,
    profiles.net_revenue_share_rate
from expected
full outer join profiles
    on expected.segment_dimension = profiles.segment_dimension
        and expected.as_of_date = profiles.as_of_date
where expected.segment_dimension is null
    or profiles.segment_dimension is null
    or expected.customer_count <> profiles.customer_count
    or expected.order_count <> profiles.order_count
    or expected.gross_revenue_amount <> profiles.gross_revenue_amount
    or expected.net_revenue_amount <> profiles.net_revenue_amount
    or expected.net_revenue_amount_365d <> profiles.net_revenue_amount_365d
    or abs(profiles.customer_share_rate - 1) > 1e-9
    or (expected.net_revenue_amount <> 0 and profiles.net_revenue_share_rate is null)
    or abs(profiles.net_revenue_share_rate - 1) > 1e-9
