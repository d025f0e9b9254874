-- one row per raw row of crm_owners
{% set raw_columns = [
    'owner_id', 'owner_name', 'email', 'team', 'role', 'weekly_capacity', 'is_active', 'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('owner_id') }} as owner_id,
        {{ clean_text('owner_name') }} as owner_name,
        {{ clean_email('email') }} as email,
        {{ clean_text('team') }} as team,
        lower({{ clean_key('role') }}) as role,
        {{ clean_key('weekly_capacity') }} as weekly_capacity_text,
        {{ clean_word('is_active') }} as is_active_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('crm', 'owners') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        {{ dbt.safe_cast('cleaned.weekly_capacity_text', 'integer') }} as weekly_capacity,
        case
            when cleaned.is_active_text is null then true else boolean_aliases.value = 'true'
        end as is_active
    from cleaned
    left join {{ ref('stg_reference__value_aliases') }} as boolean_aliases
        on boolean_aliases.value_kind = 'boolean'
            and cleaned.is_active_text = boolean_aliases.word
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed', contacts={'email': 'email'}) }} as ignored_value,
        coalesce(
            {{ number_problem('typed.weekly_capacity_text', 'negative_quantity') }},
            case when typed.is_active is null then 'unknown_value: is_active' end
        ) as problem
    from typed
),

deduplicated as (
    {{ deduplicate_and_reject(source('crm', 'owners'), 'checked', raw_columns, [
        'owner_id', 'owner_name', 'email', 'team', 'role', 'weekly_capacity', 'is_active',
    ]) }}
)

select * from deduplicated
