-- one row per raw row of marketing_touches
{% set raw_columns = [
    'touch_id', 'subscriber_id', 'campaign_id', 'touch_type', 'occurred_at', 'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('touch_id') }} as touch_id,
        {{ known_key('subscriber_id') }} as subscriber_id,
        {{ known_key('campaign_id') }} as campaign_id,
        {{ clean_word('touch_type') }} as touch_type_text,
        {{ iso_timestamp_text('occurred_at') }} as occurred_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('marketing', 'touches') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        touch_types.value as touch_type,
        {{ utc_timestamp('cleaned.occurred_at_text') }} as occurred_at,
        {{ business_date('cleaned.occurred_at_text') }} as occurred_date
    from cleaned
    left join {{ ref('stg_reference__value_aliases') }} as touch_types
        on touch_types.value_kind = 'touch_type'
            and cleaned.touch_type_text = touch_types.word
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed', ['campaign_id']) }} as ignored_value,
        coalesce(
            case
                when typed.subscriber_id is null then 'missing_key: subscriber_id'
                when typed.touch_type_text is null then 'missing_key: touch_type'
            end,
            {{ date_problem('typed.occurred_at_text', 'limits.latest_permitted_date') }},
            case when typed.touch_type is null then 'unknown_value: touch_type' end,
            {{ unknown_parent(
                'typed', 'subscribers.subscriber_id', ref('base_marketing__subscribers')
            ) }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
    left join {{ ref('base_marketing__subscribers') }} as subscribers
        on typed.subscriber_id = subscribers.subscriber_id
            and subscribers.row_status = 'kept'
),

deduplicated as (
    {{ deduplicate_and_reject(source('marketing', 'touches'), 'checked', raw_columns, [
        'touch_id', 'subscriber_id', 'campaign_id', 'touch_type', 'occurred_date', 'occurred_at',
    ]) }}
)

select * from deduplicated
