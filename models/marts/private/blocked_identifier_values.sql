-- one row per match rule, customer type and value that makes no edge
with match_values as (
    select * from {{ ref('int_identity__match_values') }}
),

final as (
    select
        rule_key,
        customer_type,
        match_value,
        min(blocked_reason) as blocked_reason,
        max(record_count) as record_count,
        max(name_count) as name_count
    from match_values
    where blocked_reason is not null
    group by rule_key, customer_type, match_value
)

select * from final
