-- one row per product user
with users as (
    select * from {{ ref('stg_product__users') }}
),

ties as (
    select
        source_record_id,
        customer_id
    from {{ ref('int_source_records__attributed') }}
    where source_table = 'product_users'
),

attributed as (
    select
        users.user_id,
        ties.customer_id,
        users.created_date
    from users
    left join ties
        on users.user_id = ties.source_record_id
)

select * from attributed
