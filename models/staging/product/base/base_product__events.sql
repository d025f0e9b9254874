-- one row per raw row of product_events
{% set raw_columns = [
    'event_id', 'user_id', 'event_type', 'feature_key', 'occurred_at', 'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('event_id') }} as event_id,
        {{ known_key('user_id') }} as user_id,
        {{ clean_word('event_type') }} as event_type_text,
        {{ clean_key('feature_key') }} as feature_key,
        {{ iso_timestamp_text('occurred_at') }} as occurred_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('product', 'events') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        event_types.value as event_type,
        {{ utc_timestamp('cleaned.occurred_at_text') }} as occurred_at,
        {{ business_date('cleaned.occurred_at_text') }} as occurred_date
    from cleaned
    left join {{ ref('stg_reference__value_aliases') }} as event_types
        on event_types.value_kind = 'event_type'
            and cleaned.event_type_text = event_types.word
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed') }} as ignored_value,
        coalesce(
            case
                when typed.user_id is null then 'missing_key: user_id'
                when typed.event_type_text is null then 'missing_key: event_type'
            end,
            {{ date_problem('typed.occurred_at_text', 'limits.latest_permitted_date') }},
            case when typed.event_type is null then 'unknown_value: event_type' end,
            {{ unknown_parent('typed', 'users.user_id', ref('base_product__users')) }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
    left join {{ ref('base_product__users') }} as users
        on typed.user_id = users.user_id
            and users.row_status = 'kept'
),

deduplicated as (
    {{ deduplicate_and_reject(source('product', 'events'), 'checked', raw_columns, [
        'event_id', 'user_id', 'event_type', 'feature_key', 'occurred_date', 'occurred_at',
    ]) }}
)

select * from deduplicated
