-- one row per product: its newest usable version
select
    product_code,
    product_name,
    product_category,
    currency_code,
    unit_cost,
    exchange_rate,
    is_currency_assumed,
    updated_at
from {{ ref('base_erp__products') }}
where row_status = 'kept'
