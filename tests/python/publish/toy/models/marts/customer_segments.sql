select
    customer_id,
    as_of_date,
    'business' as customer_type,
    case when net_revenue_amount >= 100 then 'a' else 'b' end as tier_key,
    case when net_revenue_amount >= 100 then 'Key customers' else 'Others' end as tier_name_en,
    case when net_revenue_amount >= 100 then '重点客户' else '普通客户' end as tier_name_zh,
    net_revenue_amount as own_value_amount,
    '{{ var("segmentation_policy") }}' as policy_key,
    '{{ env_var("STRATA_BUILD_ID", invocation_id) }}' as build_id
from {{ ref('customer_metrics') }}
