select
    as_of_date,
    'business' as customer_type,
    'recency' as dimension,
    'bands' as rfm_method,
    'too_few_buyers' as rfm_method_reason,
    cast(12 as bigint) as buyer_count
from {{ ref('as_of_dates') }}
