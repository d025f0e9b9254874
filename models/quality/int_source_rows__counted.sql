-- one row per table of the source contract
{% for item in contract_tables() -%}
select
    '{{ item.system }}_{{ item.table }}' as source_table,
    count(*) as row_count,
    count(*) filter (where row_status = 'kept') as kept_count,
    count(*) filter (where row_status = 'older_version') as older_version_count,
    count(*) filter (where row_status = 'rejected') as rejected_count,
    count(*) filter (where row_status = 'kept' and ignored_value is not null) as ignored_value_count,
    max(case when row_status = 'kept' then {{ item.date or 'cast(updated_at as date)' }} end)
        as newest_date
from {{ ref('base_' ~ item.system ~ '__' ~ item.table) }}
{{ 'union all' if not loop.last }}
{% endfor %}
