-- what becomes of every input row
with baskets as (
    select
        sales_value,
        sum(sales_value) over (partition by basket_id) as basket_value
    from transactions
),

fates as (
    select
        'transactions' as input,
        case
            when basket_value = 0 then 'line of a basket without value'
            when sales_value = 0 then 'zero-value line'
            else 'sale line'
        end as fate
    from baskets
    union all
    select
        'products' as input,
        'product' as fate
    from products
)

select
    input,
    fate,
    count(*) as rows
from fates
group by input, fate
order by input, rows desc
