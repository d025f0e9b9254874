select
    customer_id,
    as_of_date,
    case when net_revenue_amount >= 100 then 'a' else 'b' end as tier_key,
    '{{ var("segmentation_policy") }}' as policy_key,
    '{{ env_var("STRATA_BUILD_ID", invocation_id) }}' as build_id
from {{ ref('customer_metrics') }}
