{{ config(schema='intermediate', materialized='view') }}
select
    'erp_orders' as source_table,
    count(*) as row_count,
    count(try_cast(ordered_at as date)) as kept_count,
    cast(0 as bigint) as older_version_count,
    count(*) - count(try_cast(ordered_at as date)) as rejected_count,
    max(try_cast(ordered_at as date)) as newest_date
from {{ source('erp', 'orders') }}
