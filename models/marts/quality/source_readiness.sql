-- one row per table of the source contract
{% set newest = {
    'orders': 'ordered_date', 'order_lines': none, 'refunds': 'refunded_date', 'products': none,
    'customers': 'created_date',
} %}
with fates as (
    {% for table, date_column in newest.items() -%}
    select
        'erp_{{ table }}' as source_table,
        count(*) as row_count,
        count(*) filter (where row_fate = 'kept') as kept_count,
        count(*) filter (where row_fate = 'older_version') as older_version_count,
        count(*) filter (where row_fate = 'rejected') as rejected_count,
        max(case when row_fate = 'kept' then {{ date_column or 'cast(updated_at as date)' }} end)
            as newest_date
    from {{ ref('base_erp__' ~ table) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

final as (
    select
        source_table,
        row_count,
        kept_count,
        older_version_count,
        rejected_count,
        row_count > 0 as is_present,
        newest_date
    from fates
)

select * from final
