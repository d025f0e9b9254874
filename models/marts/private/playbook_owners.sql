-- one row per owner
select
    owner_id,
    owner_name,
    owner_role,
    customer_type,
    is_active
from {{ ref('owners') }}
