-- one row per raw row of feedback_erasure_requests
{% set raw_columns = [
    'request_id', 'identifier_type', 'identifier', 'requested_at', 'updated_at',
] %}
with source_rows as (
    select * from {{ source('feedback', 'erasure_requests') }}
),

placeholders as (
    {{ placeholder_words() }}
),

limits as (
    select latest_permitted_date from {{ ref('stg_strata__run_limits') }}
),

identifier_types as (
    select
        {{ clean_word('alias') }} as alias,
        value
    from {{ ref('value_aliases') }}
    where value_kind = 'identifier_type'
),

cleaned as (
    select
        {{ known_key('request_id') }} as request_id,
        {{ clean_word('identifier_type') }} as identifier_type_text,
        {{ clean_key('identifier') }} as identifier_text,
        {{ iso_timestamp_text('requested_at') }} as requested_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from source_rows
    cross join placeholders
),

typed as (
    select
        cleaned.*,
        identifier_types.value as identifier_type,
        -- In the form that the other tables hold it in; one that has no such form stays as given.
        coalesce(
            case identifier_types.value
                when 'email' then {{ clean_email('cleaned.identifier_text') }}
                when 'phone' then {{ engine('phone_e164', clean_text('cleaned.identifier_text')) }}
                when 'wechat_id' then lower(cleaned.identifier_text)
            end,
            cleaned.identifier_text
        ) as identifier,
        {{ utc_timestamp('cleaned.requested_at_text') }} as requested_at,
        {{ business_date('cleaned.requested_at_text') }} as requested_date,
        {{ utc_timestamp('cleaned.updated_at_text') }} as updated_at
    from cleaned
    left join identifier_types
        on cleaned.identifier_type_text = identifier_types.alias
),

checked as (
    select
        typed.*,
        typed.request_id as source_key,
        {{ ignored_value('typed', {}) }} as ignored_value,
        coalesce(
            case
                when typed.request_id is null then 'missing_key: request_id'
                when typed.identifier_type_text is null then 'missing_key: identifier_type'
                when typed.identifier_text is null then 'missing_key: identifier'
            end,
            {{ date_problem(
                'typed.requested_at_text', 'typed.requested_date', 'limits.latest_permitted_date'
            ) }},
            case when typed.identifier_type is null then 'unknown_value: identifier_type' end,
            {{ date_problem('typed.updated_at_text', 'typed.updated_at', required=false) }}
        ) as problem
    from typed
    cross join limits
),

fated as (
    {{ deduplicate_and_reject(source('feedback', 'erasure_requests'), 'checked', raw_columns, [
        'request_id', 'identifier_type', 'identifier', 'requested_date', 'requested_at',
    ]) }}
)

select * from fated
