select
    source_table,
    rejection_reason,
    'Not a date' as meaning,
    'Write dates as YYYY-MM-DD' as fix,
    count(*) as record_count
from {{ ref('rejected_records') }}
group by all
