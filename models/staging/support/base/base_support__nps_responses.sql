-- one row per raw row of support_nps_responses
{% set raw_columns = [
    'response_id', 'customer_code', 'order_id', 'contact_id', 'respondent_email',
    'respondent_phone', 'score', 'responded_at', 'comment', 'updated_at',
] %}
with source_rows as (
    select * from {{ source('support', 'nps_responses') }}
),

placeholders as (
    {{ placeholder_words() }}
),

limits as (
    select latest_permitted_date from {{ ref('stg_strata__run_limits') }}
),

cleaned as (
    select
        {{ known_key('response_id') }} as response_id,
        {{ known_key('customer_code') }} as customer_code,
        {{ known_key('order_id') }} as order_id,
        {{ known_key('contact_id') }} as contact_id,
        {{ clean_email('respondent_email') }} as respondent_email,
        {{ engine('phone_e164', clean_text('respondent_phone')) }} as respondent_phone,
        {{ clean_key('score') }} as score_text,
        {{ iso_timestamp_text('responded_at') }} as responded_at_text,
        {{ clean_text('comment') }} as comment,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from source_rows
    cross join placeholders
),

typed as (
    select
        *,
        {{ dbt.safe_cast('score_text', 'decimal(18, 4)') }} as score,
        {{ utc_timestamp('responded_at_text') }} as responded_at,
        {{ business_date('responded_at_text') }} as responded_date,
        {{ utc_timestamp('updated_at_text') }} as updated_at
    from cleaned
),

checked as (
    select
        typed.*,
        typed.response_id as source_key,
        {{ ignored_value('typed', {
            'customer_code': 'typed.customer_code',
            'order_id': 'typed.order_id',
            'contact_id': 'typed.contact_id',
        }, {'respondent_email': 'email', 'respondent_phone': 'phone'}) }} as ignored_value,
        {{ dbt.safe_cast('typed.score', 'integer') }} as nps_score,
        coalesce(
            case when typed.response_id is null then 'missing_key: response_id' end,
            {{ date_problem(
                'typed.responded_at_text', 'typed.responded_date', 'limits.latest_permitted_date'
            ) }},
            case when typed.score_text is null then 'missing_amount: score' end,
            {{ number_problem('typed.score_text', 'typed.score', 'out_of_range') }},
            case
                when typed.score > 10 or typed.score <> floor(typed.score)
                    then 'out_of_range: score'
            end,
            {{ date_problem('typed.updated_at_text', 'typed.updated_at', required=false) }}
        ) as problem
    from typed
    cross join limits
),

fated as (
    {{ deduplicate_and_reject(source('support', 'nps_responses'), 'checked', raw_columns, [
        'response_id', 'customer_code', 'order_id', 'contact_id', 'respondent_email',
        'respondent_phone', 'nps_score', 'comment', 'responded_date',
        'responded_at',
    ]) }}
)

select * from fated
