-- one row per customer and business date with a counted order
with order_days as (
    select
        customer_id,
        ordered_date
    from {{ ref('int_orders__attributed') }}
    where is_counted and customer_id is not null
    group by customer_id, ordered_date
)

select
    customer_id,
    ordered_date,
    lag(ordered_date) over (partition by customer_id order by ordered_date)
        as previous_ordered_date
from order_days
