-- one row per identifier type, customer type and shared value that may join nobody
with records as (
    select
        *,
        case
            when customer_type = 'business' then organisation_core
            else nullif(trim(coalesce(given_name, '') || ' ' || coalesce(surname, '')), '')
        end as compared_name
    from {{ ref('int_identity__comparable') }}
),

identifier_types as (
    select * from {{ ref('identifier_types') }}
),

blocked_patterns as (
    select
        identifier_type,
        pattern,
        reason
    from {{ ref('blocked_values') }}
),

shared_values as (
    {% for identifier_type in checked_identifiers() -%}
    select
        '{{ identifier_type }}' as identifier_type,
        customer_type,
        {{ identifier_type }} as identifier_value,
        count(*) as record_count,
        count(distinct compared_name) as name_count
    from records
    where {{ identifier_type }} is not null
    group by customer_type, {{ identifier_type }}
    {#- One placeholder among the official numbers would be clearly different from every real one. #}
    {% if identifier_type not in ['tax_id', 'national_id'] -%}
    having count(*) > 1
    {% endif -%}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Every value is looked at once, however many records carry it.
blocked as (
    select
        identifier_values.identifier_type,
        identifier_values.identifier_value,
        min(blocked_patterns.reason) as blocked_reason
    from (
        select
            identifier_type,
            identifier_value
        from shared_values
        group by identifier_type, identifier_value
    ) as identifier_values
    inner join blocked_patterns
        on identifier_values.identifier_type = blocked_patterns.identifier_type
            and {{ engine(
                'matches_pattern', 'identifier_values.identifier_value', 'blocked_patterns.pattern'
            ) }}
    group by identifier_values.identifier_type, identifier_values.identifier_value
),

judged as (
    select
        shared_values.identifier_type,
        shared_values.customer_type,
        shared_values.identifier_value,
        coalesce(
            blocked.blocked_reason,
            case
                when shared_values.name_count > identifier_types.sharing_limit then 'too_many_names'
            end
        ) as blocked_reason,
        shared_values.record_count,
        shared_values.name_count
    from shared_values
    inner join identifier_types
        on shared_values.identifier_type = identifier_types.identifier_type
            and identifier_types.customer_type in ('any', shared_values.customer_type)
    left join blocked
        on shared_values.identifier_type = blocked.identifier_type
            and shared_values.identifier_value = blocked.identifier_value
),

final as (
    select * from judged where blocked_reason is not null
)

select * from final
