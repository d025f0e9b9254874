-- one row per raw row of support_nps_responses
{% set raw_columns = [
    'response_id', 'customer_code', 'order_id', 'contact_id', 'respondent_email',
    'respondent_phone', 'score', 'responded_at', 'comment', 'updated_at',
] %}
with cleaned as (
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
    from {{ source('support', 'nps_responses') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        *,
        {{ dbt.safe_cast('score_text', 'decimal(18, 4)') }} as score,
        {{ utc_timestamp('responded_at_text') }} as responded_at,
        {{ business_date('responded_at_text') }} as responded_date
    from cleaned
),

checked as (
    select
        typed.*,
        {{ ignored_value(
            'typed', ['customer_code', 'order_id', 'contact_id'],
            {'respondent_email': 'email', 'respondent_phone': 'phone'}
        ) }} as ignored_value,
        {{ dbt.safe_cast('typed.score', 'integer') }} as nps_score,
        coalesce(
            {{ date_problem('typed.responded_at_text', 'limits.latest_permitted_date') }},
            case when typed.score_text is null then 'missing_amount: score' end,
            {{ number_problem('typed.score_text', 'out_of_range') }},
            case
                when typed.score > 10 or typed.score <> floor(typed.score)
                    then 'out_of_range: score'
            end
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
),

deduplicated as (
    {{ deduplicate_and_reject(source('support', 'nps_responses'), 'checked', raw_columns, [
        'response_id', 'customer_code', 'order_id', 'contact_id', 'respondent_email',
        'respondent_phone', 'nps_score', 'comment', 'responded_date',
        'responded_at',
    ]) }}
)

select * from deduplicated
