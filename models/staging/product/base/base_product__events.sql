-- one row per raw row of product_events
{% set raw_columns = [
    'event_id', 'user_id', 'event_type', 'feature_key', 'occurred_at', 'updated_at',
] %}
with source_rows as (
    select * from {{ source('product', 'events') }}
),

placeholders as (
    {{ placeholder_words() }}
),

users as (
    select user_id from {{ ref('base_product__users') }} where row_status = 'kept'
),

user_table as (
    select count(*) > 0 as is_loaded from {{ ref('base_product__users') }}
),

limits as (
    select latest_permitted_date from {{ ref('stg_strata__run_limits') }}
),

event_types as (
    select
        {{ clean_word('alias') }} as alias,
        value
    from {{ ref('value_aliases') }}
    where value_kind = 'event_type'
),

cleaned as (
    select
        {{ known_key('event_id') }} as event_id,
        {{ known_key('user_id') }} as user_id,
        {{ clean_word('event_type') }} as event_type_text,
        {{ clean_key('feature_key') }} as feature_key,
        {{ iso_timestamp_text('occurred_at') }} as occurred_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from source_rows
    cross join placeholders
),

typed as (
    select
        cleaned.*,
        event_types.value as event_type,
        {{ utc_timestamp('cleaned.occurred_at_text') }} as occurred_at,
        {{ business_date('cleaned.occurred_at_text') }} as occurred_date,
        {{ utc_timestamp('cleaned.updated_at_text') }} as updated_at
    from cleaned
    left join event_types
        on cleaned.event_type_text = event_types.alias
),

checked as (
    select
        typed.*,
        typed.event_id as source_key,
        {{ ignored_value('typed', {}) }} as ignored_value,
        coalesce(
            case
                when typed.event_id is null then 'missing_key: event_id'
                when typed.user_id is null then 'missing_key: user_id'
                when typed.event_type_text is null then 'missing_key: event_type'
            end,
            {{ date_problem(
                'typed.occurred_at_text', 'typed.occurred_date', 'limits.latest_permitted_date'
            ) }},
            case when typed.event_type is null then 'unknown_value: event_type' end,
            {{ unknown_parent('typed.user_id', 'users.user_id', 'user_table', 'unknown_user') }},
            {{ date_problem('typed.updated_at_text', 'typed.updated_at', required=false) }}
        ) as problem
    from typed
    cross join limits
    cross join user_table
    left join users
        on typed.user_id = users.user_id
),

fated as (
    {{ deduplicate_and_reject(source('product', 'events'), 'checked', raw_columns, [
        'event_id', 'user_id', 'event_type', 'feature_key', 'occurred_date', 'occurred_at',
    ]) }}
)

select * from fated
