-- one row per product
select
    product_id as product_code,
    product_type as product_name,
    coalesce(product_category, department) as category
from products
order by product_id
