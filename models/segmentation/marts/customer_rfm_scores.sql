-- one row per customer with an order, at the current as_of_date
select
    customer_id,
    as_of_date,
    customer_type,
    rfm_segment_key,
    rfm_group_key,
    rfm_method,
    recency_value,
    frequency_value,
    monetary_value,
    recency_score,
    frequency_score,
    monetary_score,
    rfm_score,
    is_in_rfm_window
from {{ ref('int_rfm__scores_history') }}
where is_current
