-- one row per thing that is kept and yet suspicious
with counted as (
    select
        source_table,
        kept_count
    from {{ ref('int_source_rows__counted') }}
),

statuses as (
    select
        'erp_orders' as source_table,
        'orders_that_do_not_count' as warning_key,
        sum(case when order_status = 'completed' then 0 else 1 end) as affected_count,
        count(*) as compared_count,
        min(order_status) as example,
        cast(null as varchar) as counterexample
    from {{ ref('stg_erp__orders') }}
),

placeholders as (
    select
        'erp_orders' as source_table,
        'placeholder_codes' as warning_key,
        sum(ignored.record_count) as affected_count,
        max(counted.kept_count) as compared_count,
        cast(null as varchar) as example,
        cast(null as varchar) as counterexample
    from {{ ref('ignored_value_counts') }} as ignored
    inner join counted
        on ignored.source_table = counted.source_table
    where ignored.source_table = 'erp_orders'
        and ', ' || ignored.ignored_columns || ',' like '%, customer_code,%'
),

repeated as (
    select
        repeated.source_table,
        'repeated_content' as warning_key,
        repeated.repeated_content_count as affected_count,
        counted.kept_count as compared_count,
        cast(null as varchar) as example,
        cast(null as varchar) as counterexample
    from {{ ref('int_source_rows__repeated') }} as repeated
    inner join counted
        on repeated.source_table = counted.source_table
),

found as (
    -- Some buyers always lack a record; it is strange if most do.
    select * from {{ ref('int_source_warnings__codes_without_record') }}
    where affected_count * 2 > compared_count and counterexample is not null

    union all

    select * from statuses
    where affected_count = compared_count and compared_count > 0

    union all

    select * from {{ ref('int_source_warnings__refunds_above_order') }}
    where affected_count > 0

    union all

    select * from placeholders
    where affected_count > 0

    union all

    -- Equal rows happen; one in twenty looks like an export that was appended to another.
    select * from repeated
    where affected_count * 20 >= compared_count and affected_count > 0

    union all

    select * from {{ ref('int_source_warnings__costs_in_another_currency') }}
)

select
    source_table,
    warning_key,
    cast(affected_count as bigint) as affected_count,
    cast(compared_count as bigint) as compared_count,
    example,
    counterexample
from found
