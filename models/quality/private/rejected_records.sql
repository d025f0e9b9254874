-- one row per raw row that cannot be used
select
    source_table,
    source_key,
    rejection_reason,
    rejected_column,
    {{ engine('raw_value', 'raw_values', 'rejected_column') }} as rejected_value,
    raw_values
from {{ ref('int_source_rows__judged') }}
where row_status = 'rejected'
