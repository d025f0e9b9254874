{% snapshot customer_segments_snapshot %}
{{ config(
    unique_key='customer_id',
    strategy='check',
    check_cols=['tier_key', 'lifecycle_stage_key', 'rfm_segment_key', 'policy_key'],
    hard_deletes='invalidate',
) }}
-- one row per customer and spell of equal labels, as published
select
    customer_id,
    as_of_date,
    '{{ var("segmentation_policy") }}' as policy_key,
    tier_key,
    lifecycle_stage_key,
    rfm_segment_key
from {{ ref('customer_segments_history') }}
where is_current
{% endsnapshot %}
