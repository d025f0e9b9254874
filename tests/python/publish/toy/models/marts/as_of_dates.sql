select distinct
    {% if var('as_of_date') %}date '{{ var("as_of_date") }}'{% else %}max(order_date){% endif %} as as_of_date,
    true as is_current
from {{ ref('stg_erp__orders') }}
