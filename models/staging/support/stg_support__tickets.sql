-- one row per ticket: its newest usable version
select
    ticket_id,
    account_id,
    customer_code,
    order_id,
    contact_id,
    requester_email,
    requester_phone,
    ticket_category,
    severity,
    handling_minutes,
    satisfaction_score,
    ignored_value,
    opened_date,
    opened_at,
    first_response_date,
    first_response_at,
    closed_date,
    closed_at,
    updated_at
from {{ ref('base_support__tickets') }}
where row_status = 'kept'
