-- one row per table of the source contract
with tables as (
    {% for item in contract_tables() -%}
    select '{{ item.system }}_{{ item.table }}' as source_table
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

counted as (
    select
        source_table,
        count(*) as row_count,
        count(*) filter (where row_status = 'kept') as kept_count,
        count(*) filter (where row_status = 'older_version') as older_version_count,
        count(*) filter (where row_status = 'rejected') as rejected_count,
        count(*) filter (where row_status = 'kept' and ignored_value is not null)
            as ignored_value_count,
        max(case when row_status = 'kept' then row_date end) as newest_date
    from {{ ref('int_source_rows__judged') }}
    group by source_table
)

select
    tables.source_table,
    coalesce(counted.row_count, 0) as row_count,
    coalesce(counted.kept_count, 0) as kept_count,
    coalesce(counted.older_version_count, 0) as older_version_count,
    coalesce(counted.rejected_count, 0) as rejected_count,
    coalesce(counted.ignored_value_count, 0) as ignored_value_count,
    counted.newest_date
from tables
left join counted
    on tables.source_table = counted.source_table
