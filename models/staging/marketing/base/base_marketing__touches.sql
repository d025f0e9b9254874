-- one row per raw row of marketing_touches
{% set raw_columns = [
    'touch_id', 'subscriber_id', 'campaign_id', 'touch_type', 'occurred_at', 'updated_at',
] %}
with source_rows as (
    select * from {{ source('marketing', 'touches') }}
),

placeholders as (
    {{ placeholder_words() }}
),

subscribers as (
    select subscriber_id from {{ ref('base_marketing__subscribers') }} where row_status = 'kept'
),

subscriber_table as (
    select count(*) > 0 as is_loaded from {{ ref('base_marketing__subscribers') }}
),

limits as (
    select latest_permitted_date from {{ ref('stg_strata__run_limits') }}
),

touch_types as (
    select
        {{ clean_word('alias') }} as alias,
        value
    from {{ ref('value_aliases') }}
    where value_kind = 'touch_type'
),

cleaned as (
    select
        {{ known_key('touch_id') }} as touch_id,
        {{ known_key('subscriber_id') }} as subscriber_id,
        {{ known_key('campaign_id') }} as campaign_id,
        {{ clean_word('touch_type') }} as touch_type_text,
        {{ iso_timestamp_text('occurred_at') }} as occurred_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from source_rows
    cross join placeholders
),

typed as (
    select
        cleaned.*,
        touch_types.value as touch_type,
        {{ utc_timestamp('cleaned.occurred_at_text') }} as occurred_at,
        {{ business_date('cleaned.occurred_at_text') }} as occurred_date,
        {{ utc_timestamp('cleaned.updated_at_text') }} as updated_at
    from cleaned
    left join touch_types
        on cleaned.touch_type_text = touch_types.alias
),

checked as (
    select
        typed.*,
        typed.touch_id as source_key,
        {{ ignored_value('typed', {'campaign_id': 'typed.campaign_id'}) }} as ignored_value,
        coalesce(
            case
                when typed.touch_id is null then 'missing_key: touch_id'
                when typed.subscriber_id is null then 'missing_key: subscriber_id'
                when typed.touch_type_text is null then 'missing_key: touch_type'
            end,
            {{ date_problem(
                'typed.occurred_at_text', 'typed.occurred_date', 'limits.latest_permitted_date'
            ) }},
            case when typed.touch_type is null then 'unknown_value: touch_type' end,
            {{ unknown_parent(
                'typed.subscriber_id', 'subscribers.subscriber_id', 'subscriber_table',
                'unknown_subscriber'
            ) }},
            {{ date_problem('typed.updated_at_text', 'typed.updated_at', required=false) }}
        ) as problem
    from typed
    cross join limits
    cross join subscriber_table
    left join subscribers
        on typed.subscriber_id = subscribers.subscriber_id
),

fated as (
    {{ deduplicate_and_reject(source('marketing', 'touches'), 'checked', raw_columns, [
        'touch_id', 'subscriber_id', 'campaign_id', 'touch_type', 'occurred_date', 'occurred_at',
    ]) }}
)

select * from fated
