-- one row per activity: its newest usable version
select
    activity_id,
    account_id,
    contact_id,
    owner_id,
    activity_type,
    summary,
    occurred_date,
    occurred_at,
    updated_at
from {{ ref('base_crm__activities') }}
where row_status = 'kept'
