-- one row per source table and set of columns whose values were set aside
{% for item in contract_tables() -%}
select
    '{{ item.system }}_{{ item.table }}' as source_table,
    ignored_value as ignored_columns,
    count(*) as record_count
from {{ ref('base_' ~ item.system ~ '__' ~ item.table) }}
where row_status = 'kept' and ignored_value is not null
group by ignored_value
{{ 'union all' if not loop.last }}
{% endfor %}
