-- one row per raw row of crm_owners
{% set raw_columns = [
    'owner_id', 'owner_name', 'email', 'team', 'role', 'weekly_capacity', 'is_active', 'updated_at',
] %}
with source_rows as (
    select * from {{ source('crm', 'owners') }}
),

placeholders as (
    {{ placeholder_words() }}
),

boolean_aliases as (
    select
        {{ clean_word('alias') }} as alias,
        value
    from {{ ref('value_aliases') }}
    where value_kind = 'boolean'
),

cleaned as (
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
    from source_rows
    cross join placeholders
),

typed as (
    select
        cleaned.*,
        {{ dbt.safe_cast('cleaned.weekly_capacity_text', 'integer') }} as weekly_capacity,
        case
            when cleaned.is_active_text is null then true else boolean_aliases.value = 'true'
        end as is_active,
        {{ utc_timestamp('cleaned.updated_at_text') }} as updated_at
    from cleaned
    left join boolean_aliases
        on cleaned.is_active_text = boolean_aliases.alias
),

checked as (
    select
        typed.*,
        typed.owner_id as source_key,
        {{ ignored_value('typed', {}, {'email': 'email'}) }} as ignored_value,
        coalesce(
            case when typed.owner_id is null then 'missing_key: owner_id' end,
            {{ number_problem('typed.weekly_capacity_text', 'typed.weekly_capacity', 'negative_quantity') }},
            case when typed.is_active is null then 'unknown_value: is_active' end,
            {{ date_problem('typed.updated_at_text', 'typed.updated_at', required=false) }}
        ) as problem
    from typed
),

fated as (
    {{ deduplicate_and_reject(source('crm', 'owners'), 'checked', raw_columns, [
        'owner_id', 'owner_name', 'email', 'team', 'role', 'weekly_capacity', 'is_active',
    ]) }}
)

select * from fated
