select
    customer_id,
    (select max(as_of_date) from {{ ref('as_of_dates') }}) as as_of_date,
    count(*) as order_count,
    sum(order_amount) as gross_revenue_amount,
    sum(order_amount) as net_revenue_amount
from {{ ref('stg_erp__orders') }}
group by customer_id
