-- one row per record and identifier type that the record has a value for
with records as (
    select * from {{ ref('int_identity__records') }}
),

identifiers as (
    {% for identifier_type in [
        'tax_id', 'member_id', 'wechat_id', 'email', 'phone', 'normalised_name',
    ] -%}
    select
        record_key,
        customer_type,
        normalised_name,
        '{{ identifier_type }}' as identifier_type,
        {{ identifier_type }} as identifier_value
    from records
    where {{ identifier_type }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

blocked_patterns as (
    select
        identifier_type,
        pattern,
        reason
    from {{ ref('blocked_values') }}
),

identifier_values as (
    select
        identifier_type,
        identifier_value
    from identifiers
    group by identifier_type, identifier_value
),

blocked as (
    select
        identifier_values.identifier_type,
        identifier_values.identifier_value,
        min(blocked_patterns.reason) as blocked_reason
    from identifier_values
    inner join blocked_patterns
        on identifier_values.identifier_type = blocked_patterns.identifier_type
            and regexp_matches(identifier_values.identifier_value, blocked_patterns.pattern)
    group by identifier_values.identifier_type, identifier_values.identifier_value
),

final as (
    select
        identifiers.*,
        blocked.blocked_reason
    from identifiers
    left join blocked
        on identifiers.identifier_type = blocked.identifier_type
            and identifiers.identifier_value = blocked.identifier_value
)

select * from final
