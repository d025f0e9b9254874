-- what becomes of every input row
with baskets as (
    select
        sales_value,
        sum(sales_value) over (partition by basket_id) as basket_value
    from transactions
),

statuses as (
    select
        'transactions' as input,
        case
            when basket_value = 0 then 'line of a basket without value'
            when sales_value = 0 then 'zero-value line'
            else 'sale line'
        end as status
    from baskets
    union all
    select
        'products' as input,
        'product' as status
    from products
)

select
    input,
    status,
    count(*) as rows
from statuses
group by input, status
order by input, rows desc
