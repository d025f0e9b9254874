-- one row per raw row of support_tickets
{% set raw_columns = [
    'ticket_id', 'account_id', 'customer_code', 'order_id', 'contact_id', 'requester_email',
    'requester_phone', 'opened_at', 'first_response_at', 'closed_at', 'category', 'severity',
    'handling_minutes', 'satisfaction_score', 'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('ticket_id') }} as ticket_id,
        {{ known_key('account_id') }} as account_id,
        {{ known_key('customer_code') }} as customer_code,
        {{ known_key('order_id') }} as order_id,
        {{ known_key('contact_id') }} as contact_id,
        {{ clean_email('requester_email') }} as requester_email,
        {{ engine('phone_e164', clean_text('requester_phone')) }} as requester_phone,
        {{ iso_timestamp_text('opened_at') }} as opened_at_text,
        {{ iso_timestamp_text('first_response_at') }} as first_response_at_text,
        {{ iso_timestamp_text('closed_at') }} as closed_at_text,
        {{ clean_word('category') }} as category_text,
        {{ clean_text('severity') }} as severity,
        {{ clean_key('handling_minutes') }} as handling_minutes_text,
        {{ clean_key('satisfaction_score') }} as satisfaction_score_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('support', 'tickets') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        categories.value as ticket_category,
        {{ utc_timestamp('cleaned.opened_at_text') }} as opened_at,
        {{ business_date('cleaned.opened_at_text') }} as opened_date,
        {{ utc_timestamp('cleaned.first_response_at_text') }} as first_response_at,
        {{ business_date('cleaned.first_response_at_text') }} as first_response_date,
        {{ utc_timestamp('cleaned.closed_at_text') }} as closed_at,
        {{ business_date('cleaned.closed_at_text') }} as closed_date,
        {{ dbt.safe_cast('cleaned.handling_minutes_text', 'decimal(18, 4)') }} as handling_minutes,
        {{ dbt.safe_cast('cleaned.satisfaction_score_text', 'decimal(18, 4)') }} as satisfaction
    from cleaned
    left join {{ ref('stg_reference__value_aliases') }} as categories
        on categories.value_kind = 'ticket_category'
            and cleaned.category_text = categories.word
),

checked as (
    select
        typed.*,
        {{ ignored_value(
            'typed', [
                'account_id', 'customer_code', 'order_id', 'contact_id', 'first_response_at',
                'closed_at',
            ], {'requester_email': 'email', 'requester_phone': 'phone'}
        ) }} as ignored_value,
        {{ dbt.safe_cast('typed.satisfaction', 'integer') }} as satisfaction_score,
        coalesce(
            {{ date_problem('typed.opened_at_text', 'limits.latest_permitted_date') }},
            {{ date_problem(
                'typed.first_response_at_text', 'limits.latest_end_date', required=false
            ) }},
            {{ date_problem('typed.closed_at_text', 'limits.latest_end_date', required=false) }},
            case
                when typed.first_response_at < typed.opened_at
                    then 'ends_before_start: first_response_at'
                when typed.closed_at < typed.opened_at then 'ends_before_start: closed_at'
            end,
            case
                when typed.category_text is not null and typed.ticket_category is null
                    then 'unknown_value: category'
            end,
            {{ number_problem('typed.handling_minutes_text') }},
            {{ number_problem(
                'typed.satisfaction_score_text', 'out_of_range', number='typed.satisfaction'
            ) }},
            case
                when typed.satisfaction not between 1 and 5
                    or typed.satisfaction <> floor(typed.satisfaction)
                    then 'out_of_range: satisfaction_score'
            end,
            {{ unknown_parent('typed', 'accounts.account_id', ref('base_crm__accounts')) }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
    left join {{ ref('base_crm__accounts') }} as accounts
        on typed.account_id = accounts.account_id
            and accounts.row_status = 'kept'
),

deduplicated as (
    {{ deduplicate_and_reject(source('support', 'tickets'), 'checked', raw_columns, [
        'ticket_id', 'account_id', 'customer_code', 'order_id', 'contact_id', 'requester_email',
        'requester_phone', 'ticket_category', 'severity', 'handling_minutes', 'satisfaction_score',
        'opened_date', 'opened_at', 'first_response_date', 'first_response_at',
        'closed_date', 'closed_at',
    ]) }}
)

select * from deduplicated
