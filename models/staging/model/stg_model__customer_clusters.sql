-- one row per customer with a cluster: its newest usable version
select
    customer_id,
    as_of_date,
    customer_type,
    cluster_key,
    name_en,
    name_zh,
    metrics,
    centre_distance,
    method_version,
    fitted_at,
    updated_at
from {{ ref('base_model__customer_clusters') }}
where row_status = 'kept'
