-- one row per owner: its newest usable version
select
    owner_id,
    owner_name,
    email,
    team,
    role,
    weekly_capacity,
    is_active,
    ignored_value,
    updated_at
from {{ ref('base_crm__owners') }}
where row_status = 'kept'
