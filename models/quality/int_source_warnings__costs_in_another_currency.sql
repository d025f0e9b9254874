-- one row if product costs are in the base currency and most orders are not
with orders as (
    select
        count(*) as order_count,
        sum(case when currency_code = '{{ var("base_currency") }}' then 0 else 1 end)
            as foreign_count,
        min(case when currency_code != '{{ var("base_currency") }}' then currency_code end)
            as foreign_currency
    from {{ ref('stg_erp__orders') }}
)

select
    'erp_products' as source_table,
    'costs_in_another_currency' as warning_key,
    count(*) as affected_count,
    count(*) as compared_count,
    '{{ var("base_currency") }}' as example,
    max(orders.foreign_currency) as counterexample
from {{ ref('stg_erp__products') }} as products
cross join orders
where products.unit_cost is not null
    and orders.foreign_count * 2 > orders.order_count
having min(products.currency_code) = '{{ var("base_currency") }}'
    and max(products.currency_code) = '{{ var("base_currency") }}'
