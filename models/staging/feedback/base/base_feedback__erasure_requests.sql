-- one row per raw row of feedback_erasure_requests
{% set raw_columns = [
    'request_id', 'identifier_type', 'identifier', 'requested_at', 'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('request_id') }} as request_id,
        {{ clean_word('identifier_type') }} as identifier_type_text,
        {{ clean_key('identifier') }} as identifier_text,
        {{ iso_timestamp_text('requested_at') }} as requested_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('feedback', 'erasure_requests') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
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
        {{ business_date('cleaned.requested_at_text') }} as requested_date
    from cleaned
    left join {{ ref('stg_reference__value_aliases') }} as identifier_types
        on identifier_types.value_kind = 'identifier_type'
            and cleaned.identifier_type_text = identifier_types.word
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed') }} as ignored_value,
        coalesce(
            case
                when typed.identifier_type_text is null then 'missing_key: identifier_type'
                when typed.identifier_text is null then 'missing_key: identifier'
            end,
            {{ date_problem('typed.requested_at_text', 'limits.latest_permitted_date') }},
            case when typed.identifier_type is null then 'unknown_value: identifier_type' end
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
),

deduplicated as (
    {{ deduplicate_and_reject(source('feedback', 'erasure_requests'), 'checked', raw_columns, [
        'request_id', 'identifier_type', 'identifier', 'requested_date', 'requested_at',
    ]) }}
)

select * from deduplicated
