-- one row per response: its newest usable version
select
    response_id,
    customer_code,
    order_id,
    contact_id,
    respondent_email,
    respondent_phone,
    nps_score,
    comment,
    ignored_value,
    responded_date,
    responded_at,
    updated_at
from {{ ref('base_support__nps_responses') }}
where row_status = 'kept'
