-- one row per order line: its newest usable version
select
    order_line_id,
    order_id,
    product_code,
    quantity,
    unit_price,
    {{ engine('quantity_times_price', 'quantity', 'unit_price') }} as gross_amount,
    discount_amount,
    updated_at
from {{ ref('base_erp__order_lines') }}
where row_status = 'kept'
