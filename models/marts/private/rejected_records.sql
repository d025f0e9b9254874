-- one row per raw row that cannot be used
{% for table in ['orders', 'order_lines', 'refunds', 'products', 'customers'] -%}
select
    'erp_{{ table }}' as source_table,
    source_key,
    rejection_reason,
    raw_values
from {{ ref('base_erp__' ~ table) }}
where row_fate = 'rejected'
{{ 'union all' if not loop.last }}
{% endfor %}
