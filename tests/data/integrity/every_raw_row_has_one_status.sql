-- Fails if a raw row is lost or doubled on its way to the kept, older and rejected rows
with counted as (
    {% for item in contract_tables() -%}
    select
        '{{ item.system }}_{{ item.table }}' as source_table,
        (select count(*) from {{ source(item.system, item.table) }}) as raw_count,
        (select count(*) from {{ ref('stg_' ~ item.system ~ '__' ~ item.table) }}) as staged_count,
        count(*) as base_count,
        count(*) filter (where row_status = 'kept') as kept_count,
        count(*) filter (where row_status = 'older_version') as older_version_count,
        count(*) filter (where row_status = 'rejected') as rejected_count
    from {{ ref('base_' ~ item.system ~ '__' ~ item.table) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

readiness as (
    select * from {{ ref('source_readiness') }}
),

listed as (
    select
        source_table,
        count(*) as listed_count
    from {{ ref('rejected_records') }}
    group by source_table
),

summed as (
    select
        source_table,
        sum(record_count) as summed_count
    from {{ ref('rejected_record_counts') }}
    group by source_table
),

compared as (
    select
        coalesce(counted.source_table, readiness.source_table) as source_table,
        counted.raw_count,
        counted.base_count,
        counted.kept_count,
        counted.staged_count,
        counted.older_version_count,
        counted.rejected_count,
        readiness.row_count as reported_row_count,
        readiness.kept_count as reported_kept_count,
        readiness.older_version_count as reported_older_version_count,
        readiness.rejected_count as reported_rejected_count,
        coalesce(listed.listed_count, 0) as listed_count,
        coalesce(summed.summed_count, 0) as summed_count
    from counted
    full join readiness
        on counted.source_table = readiness.source_table
    left join listed
        on counted.source_table = listed.source_table
    left join summed
        on counted.source_table = summed.source_table
)

select *
from compared
where raw_count is distinct from base_count
    or raw_count is distinct from kept_count + older_version_count + rejected_count
    or kept_count is distinct from staged_count
    or raw_count is distinct from reported_row_count
    or kept_count is distinct from reported_kept_count
    or older_version_count is distinct from reported_older_version_count
    or rejected_count is distinct from reported_rejected_count
    or rejected_count is distinct from listed_count
    or rejected_count is distinct from summed_count
