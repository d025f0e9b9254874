select
    'tier' as segment_dimension,
    customer_segments.tier_key as segment_key,
    customer_segments.as_of_date,
    labels.name_en,
    labels.name_zh,
    count(*) as customer_count,
    count(*) / sum(count(*)) over () as customer_share_rate,
    cast(sum(customer_metrics.order_count) as bigint) as order_count,
    sum(customer_metrics.gross_revenue_amount) as gross_revenue_amount,
    sum(customer_metrics.net_revenue_amount) as net_revenue_amount,
    sum(customer_metrics.net_revenue_amount)
    / sum(sum(customer_metrics.net_revenue_amount)) over () as net_revenue_share_rate
from {{ ref('customer_segments') }} as customer_segments
inner join {{ ref('customer_metrics') }} as customer_metrics
    on customer_segments.customer_id = customer_metrics.customer_id
inner join {{ ref('labels') }} as labels on customer_segments.tier_key = labels.outcome_key
group by all
