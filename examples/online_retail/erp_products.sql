-- one row per product; its name is the description that stands on most of its priced lines
with names as (
    select
        upper(stock_code) as product_code,
        description,
        count(*) filter (where unit_price > 0) as line_count
    from input
    group by upper(stock_code), description
)

select
    product_code,
    arg_max(description, (line_count, description)) as product_name
from names
group by product_code
order by product_code
