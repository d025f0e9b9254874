-- one row: the policy of this run
select
    policy_key,
    name_en,
    name_zh,
    value_metric,
    coalesce(consumer_value_metric, value_metric) as consumer_value_metric,
    rolls_up_to_parent,
    rfm_window_days,
    rfm_method,
    minimum_buyers,
    minimum_history_days,
    high_score_from,
    service_cost_per_minute
from {{ ref('policies') }}
where policy_key = '{{ var("segmentation_policy") }}'
