-- Fails if a rejected record lacks its raw values, or has a key, a reason or a column that cannot be
with rejected as (
    select * from {{ ref('rejected_records') }}
),

reasons as (
    select * from {{ ref('rejection_reasons') }}
),

keys as (
    {% for item in contract_tables() -%}
    select
        '{{ item.system }}_{{ item.table }}' as source_table,
        '{{ item.key }}' as key_column
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select rejected.*
from rejected
left join reasons
    on rejected.rejection_reason = reasons.rejection_reason
left join keys
    on rejected.source_table = keys.source_table
where reasons.rejection_reason is null
    or keys.source_table is null
    or coalesce(rejected.raw_values, '') not like '{"' || keys.key_column || '":%,"updated_at":%}'
    or (
        rejected.source_key is null
        and rejected.rejection_reason not in ('missing_key', 'total_row')
    )
    or coalesce(rejected.raw_values not like '%"' || rejected.rejected_column || '":%', true)
