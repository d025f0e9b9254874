-- one row per customer and field that any of its records has a value for
select
    customer_id,
    field,
    field_value,
    record_key,
    method,
    record_count,
    has_conflict,
    is_filled
from {{ ref('int_customers__golden_fields') }}
