-- one row per source table and set of columns whose values were set aside
select
    source_table,
    ignored_value as ignored_columns,
    count(*) as record_count
from {{ ref('int_source_rows__judged') }}
where row_status = 'kept' and ignored_value is not null
group by source_table, ignored_value
