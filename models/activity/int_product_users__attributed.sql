-- one row per product user
select
    users.user_id,
    records.customer_id,
    users.created_date
from {{ ref('stg_product__users') }} as users
left join {{ ref('int_source_records__attributed') }} as records
    on records.source_table = 'product_users'
        and users.user_id = records.source_record_id
