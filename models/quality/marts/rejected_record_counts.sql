-- one row per source table and rejection reason that occurs
with rejected as (
    select * from {{ ref('rejected_records') }}
),

reasons as (
    select * from {{ ref('rejection_reasons') }}
),

counted as (
    select
        source_table,
        rejection_reason,
        count(*) as record_count
    from rejected
    group by source_table, rejection_reason
),

final as (
    select
        counted.source_table,
        counted.rejection_reason,
        reasons.meaning,
        reasons.fix,
        counted.record_count
    from counted
    left join reasons
        on counted.rejection_reason = reasons.rejection_reason
)

select * from final
