-- one row per figure_group and figure_key, at the current as_of_date
with metrics as (
    select * from {{ ref('customer_metrics') }}
),

sources as (
    select * from {{ ref('source_readiness') }}
),

segments as (
    select * from {{ ref('segment_profiles') }}
),

as_of as (
    select as_of_date from {{ ref('as_of_dates') }} where is_current
),

figures as (
    select
        'total' as figure_group,
        'customers' as figure_key,
        count(*) as figure_value,
        null as share_rate
    from metrics

    union all

    select
        'total' as figure_group,
        'orders' as figure_key,
        sum(order_count) as figure_value,
        null as share_rate
    from metrics

    union all

    select
        'total' as figure_group,
        'gross revenue' as figure_key,
        sum(gross_revenue_amount) as figure_value,
        null as share_rate
    from metrics

    union all

    select
        'total' as figure_group,
        'net revenue' as figure_key,
        sum(net_revenue_amount) as figure_value,
        null as share_rate
    from metrics

    union all

    select
        'source_rows' as figure_group,
        source_table as figure_key,
        row_count as figure_value,
        null as share_rate
    from sources

    union all

    select
        'rejected_rows' as figure_group,
        'all sources' as figure_key,
        sum(rejected_count) as figure_value,
        cast(sum(rejected_count) as double) / nullif(cast(sum(row_count) as double), 0) as share_rate
    from sources

    union all

    select
        segments.segment_dimension as figure_group,
        segments.segment_key as figure_key,
        segments.customer_count as figure_value,
        segments.customer_share_rate as share_rate
    from segments
    inner join as_of
        on segments.as_of_date = as_of.as_of_date
),

final as (
    select
        figures.figure_group,
        figures.figure_key,
        as_of.as_of_date,
        cast(coalesce(figures.figure_value, 0) as double) as figure_value,
        cast(figures.share_rate as double) as share_rate
    from figures
    cross join as_of
)

select * from final
