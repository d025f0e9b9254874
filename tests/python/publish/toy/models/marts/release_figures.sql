with totals as (
    select
        count(*) as customers,
        sum(order_count) as orders,
        sum(gross_revenue_amount) as gross_revenue,
        sum(net_revenue_amount) as net_revenue
    from {{ ref('customer_metrics') }}
),

figures as (
    select 'total' as figure_group, 'customers' as figure_key, customers as figure_value, null as share_rate from totals
    union all
    select 'total', 'orders', orders, null from totals
    union all
    select 'total', 'gross revenue', gross_revenue, null from totals
    union all
    select 'total', 'net revenue', net_revenue, null from totals
    union all
    select 'source_rows', source_table, row_count, null from {{ ref('source_readiness') }}
    union all
    select 'rejected_rows', 'all sources', sum(rejected_count), sum(rejected_count) / sum(row_count)
    from {{ ref('source_readiness') }}
    union all
    select segment_dimension, segment_key, customer_count, customer_share_rate from {{ ref('segment_profiles') }}
)

select
    figure_group,
    figure_key,
    as_of_date,
    cast(coalesce(figure_value, 0) as double) as figure_value,
    cast(share_rate as double) as share_rate
from figures
cross join {{ ref('as_of_dates') }}
