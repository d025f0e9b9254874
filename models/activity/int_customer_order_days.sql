-- one row per customer and business date with a counted order
with order_days as (
    select
        identity_map.customer_id,
        orders.ordered_date
    from {{ ref('int_orders__valued') }} as orders
    inner join {{ ref('customer_identity_map') }} as identity_map
        on orders.customer_code = identity_map.source_record_id
            and identity_map.source_system = 'erp'
    where orders.is_counted
    group by identity_map.customer_id, orders.ordered_date
),

sequenced as (
    select
        customer_id,
        ordered_date,
        lag(ordered_date) over (partition by customer_id order by ordered_date)
            as previous_ordered_date
    from order_days
)

select * from sequenced
