-- Fails if a customer has none or two of a tier, stage, RFM segment, group or matrix cell at a date.
with customers as (
    select
        customer_id,
        as_of_date
    from {{ ref('customer_metrics_history') }}
),

segments as (
    select
        customer_id,
        as_of_date,
        count(*) as row_count,
        count(tier_key) as tier_count,
        count(lifecycle_stage_key) as lifecycle_stage_count,
        count(rfm_segment_key) as rfm_segment_count,
        count(rfm_group_key) as rfm_group_count,
        count(matrix_key) as matrix_count
    from {{ ref('customer_segments_history') }}
    group by customer_id, as_of_date
)

select
    coalesce(customers.customer_id, segments.customer_id) as customer_id,
    coalesce(customers.as_of_date, segments.as_of_date) as as_of_date,
    segments.row_count,
    segments.tier_count,
    segments.lifecycle_stage_count,
    segments.rfm_segment_count,
    segments.rfm_group_count,
    segments.matrix_count
from customers
full outer join segments
    on customers.customer_id = segments.customer_id
        and customers.as_of_date = segments.as_of_date
where customers.customer_id is null
    or segments.customer_id is null
    or segments.row_count <> 1
    or segments.tier_count <> 1
    or segments.lifecycle_stage_count <> 1
    or segments.rfm_segment_count <> 1
    or segments.rfm_group_count <> 1
    or segments.matrix_count <> 1
