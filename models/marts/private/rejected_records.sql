-- one row per raw row that cannot be used
{% for item in contract_tables() -%}
select
    '{{ item.system }}_{{ item.table }}' as source_table,
    source_key,
    rejection_reason,
    raw_values
from {{ ref('base_' ~ item.system ~ '__' ~ item.table) }}
where row_fate = 'rejected'
{{ 'union all' if not loop.last }}
{% endfor %}
