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
        count(case when row_fate = 'kept' then 1 end) as kept_count,
        count(case when row_fate = 'older_version' then 1 end) as older_version_count,
        count(case when row_fate = 'rejected' then 1 end) as rejected_count,
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
