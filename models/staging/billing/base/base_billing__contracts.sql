-- one row per raw row of billing_contracts
{% set raw_columns = [
    'contract_id', 'account_id', 'customer_code', 'plan', 'annual_amount', 'currency', 'start_date',
    'end_date', 'status', 'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('contract_id') }} as contract_id,
        {{ known_key('account_id') }} as account_id,
        {{ known_key('customer_code') }} as customer_code,
        {{ clean_word('plan') }} as plan_text,
        {{ clean_key('annual_amount') }} as annual_amount_text,
        {{ clean_word('currency') }} as currency_text,
        {{ iso_timestamp_text('start_date') }} as start_date_text,
        {{ iso_timestamp_text('end_date') }} as end_date_text,
        {{ clean_word('status') }} as status_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('billing', 'contracts') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        plan_aliases.value as contract_plan,
        case
            when cleaned.status_text is null then 'active' else status_aliases.value
        end as contract_status,
        {{ dbt.safe_cast('cleaned.annual_amount_text', 'decimal(18, 4)') }} as annual_amount,
        {{ business_date('cleaned.start_date_text') }} as start_date,
        {{ business_date('cleaned.end_date_text') }} as end_date
    from cleaned
    left join {{ ref('stg_reference__value_aliases') }} as plan_aliases
        on plan_aliases.value_kind = 'contract_plan'
            and cleaned.plan_text = plan_aliases.word
    left join {{ ref('stg_reference__value_aliases') }} as status_aliases
        on status_aliases.value_kind = 'contract_status'
            and cleaned.status_text = status_aliases.word
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed', ['account_id', 'customer_code', 'end_date']) }} as ignored_value,
        exchange_rates.currency_code,
        exchange_rates.exchange_rate,
        coalesce(
            {{ date_problem('typed.start_date_text') }},
            {{ date_problem('typed.end_date_text', required=false) }},
            case when typed.end_date < typed.start_date then 'ends_before_start: end_date' end,
            case
                when typed.plan_text is not null and typed.contract_plan is null
                    then 'unknown_value: plan'
                when typed.contract_status is null then 'unknown_value: status'
            end,
            {{ number_problem('typed.annual_amount_text', factor='exchange_rates.exchange_rate') }},
            {{ currency_problem('exchange_rates') }},
            {{ unknown_parent('typed', 'accounts.account_id', ref('base_crm__accounts')) }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__as_of_date') }} as as_of
    left join {{ ref('base_crm__accounts') }} as accounts
        on typed.account_id = accounts.account_id
            and accounts.row_status = 'kept'
    -- The rate of a day that is still to come is not known yet.
    left join {{ ref('stg_reference__exchange_rates') }} as exchange_rates
        on coalesce(typed.currency_text, '') = exchange_rates.currency_word
            and least(typed.start_date, as_of.as_of_date) >= exchange_rates.valid_from_date
            and least(typed.start_date, as_of.as_of_date) < exchange_rates.valid_before_date
),

deduplicated as (
    {{ deduplicate_and_reject(source('billing', 'contracts'), 'checked', raw_columns, [
        'contract_id', 'account_id', 'customer_code', 'contract_plan', 'contract_status',
        'annual_amount', 'currency_code', 'exchange_rate', 'start_date', 'end_date',
    ]) }}
)

select * from deduplicated
