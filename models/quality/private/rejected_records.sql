-- one row per raw row that cannot be used
with rejected as (
    {% for item in contract_tables() -%}
    select
        '{{ item.system }}_{{ item.table }}' as source_table,
        source_key,
        rejection_reason,
        rejected_column,
        raw_values
    from {{ ref('base_' ~ item.system ~ '__' ~ item.table) }}
    where row_status = 'rejected'
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        source_table,
        source_key,
        rejection_reason,
        rejected_column,
        {{ engine('raw_value', 'raw_values', 'rejected_column') }} as rejected_value,
        raw_values
    from rejected
)

select * from final
