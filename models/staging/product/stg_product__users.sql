-- one row per user: its newest usable version
select
    user_id,
    account_id,
    email,
    phone,
    ignored_value,
    created_date,
    created_at,
    updated_at
from {{ ref('base_product__users') }}
where row_status = 'kept'
