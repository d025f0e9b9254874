-- one row per need: its newest usable version
select
    need_id,
    account_id,
    contact_id,
    need_type,
    need_key,
    note,
    need_source,
    noted_date,
    noted_at,
    updated_at
from {{ ref('base_crm__needs') }}
where row_status = 'kept'
