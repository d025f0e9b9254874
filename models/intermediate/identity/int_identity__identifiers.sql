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

blocked as (
    {{ blocked_reasons('identifiers', 'blocked_patterns') }}
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
