-- one row per raw row of billing_contracts
{% set raw_columns = [
    'contract_id', 'account_id', 'customer_code', 'plan', 'annual_amount', 'currency', 'start_date',
    'end_date', 'status', 'updated_at',
] %}
with source_rows as (
    select * from {{ source('billing', 'contracts') }}
),

placeholders as (
    {{ placeholder_words() }}
),

accounts as (
    select account_id from {{ ref('base_crm__accounts') }} where row_status = 'kept'
),

account_table as (
    select count(*) > 0 as is_loaded from {{ ref('base_crm__accounts') }}
),

as_of as (
    select as_of_date from {{ ref('stg_strata__as_of_date') }}
),

aliases as (
    select
        value_kind,
        {{ clean_word('alias') }} as alias,
        value
    from {{ ref('value_aliases') }}
),

exchange_rates as (
    select * from {{ ref('stg_reference__exchange_rates') }}
),

known_currencies as (
    select distinct currency_code from exchange_rates
),

cleaned as (
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
    from source_rows
    cross join placeholders
),

typed as (
    select
        cleaned.*,
        plan_aliases.value as contract_plan,
        case
            when cleaned.status_text is null then 'active' else status_aliases.value
        end as contract_status,
        {{ dbt.safe_cast('cleaned.annual_amount_text', 'decimal(18, 4)') }} as annual_amount,
        coalesce(
            currency_aliases.value, upper(cleaned.currency_text), '{{ var("base_currency") }}'
        ) as currency_code,
        {{ business_date('cleaned.start_date_text') }} as start_date,
        {{ business_date('cleaned.end_date_text') }} as end_date,
        {{ utc_timestamp('cleaned.updated_at_text') }} as updated_at
    from cleaned
    left join aliases as plan_aliases
        on plan_aliases.value_kind = 'contract_plan'
            and cleaned.plan_text = plan_aliases.alias
    left join aliases as status_aliases
        on status_aliases.value_kind = 'contract_status'
            and cleaned.status_text = status_aliases.alias
    left join aliases as currency_aliases
        on currency_aliases.value_kind = 'currency'
            and cleaned.currency_text = currency_aliases.alias
),

dated as (
    select
        typed.*,
        -- The rate of a day that is still to come is not known yet.
        least(typed.start_date, as_of.as_of_date) as rate_date
    from typed
    cross join as_of
),

checked as (
    select
        dated.*,
        dated.contract_id as source_key,
        {{ ignored_value('dated', {
            'account_id': 'dated.account_id',
            'customer_code': 'dated.customer_code',
            'end_date': 'dated.end_date',
        }) }} as ignored_value,
        exchange_rates.exchange_rate,
        coalesce(
            case when dated.contract_id is null then 'missing_key: contract_id' end,
            {{ date_problem('dated.start_date_text', 'dated.start_date') }},
            {{ date_problem('dated.end_date_text', 'dated.end_date', required=false) }},
            case when dated.end_date < dated.start_date then 'ends_before_start: end_date' end,
            case
                when dated.plan_text is not null and dated.contract_plan is null
                    then 'unknown_value: plan'
                when dated.contract_status is null then 'unknown_value: status'
            end,
            {{ number_problem(
                'dated.annual_amount_text', 'dated.annual_amount',
                factor='exchange_rates.exchange_rate'
            ) }},
            case when known_currencies.currency_code is null then 'unknown_currency: currency' end,
            case
                when exchange_rates.exchange_rate is null then 'missing_exchange_rate: currency'
            end,
            {{ unknown_parent(
                'dated.account_id', 'accounts.account_id', 'account_table', 'unknown_account'
            ) }},
            {{ date_problem('dated.updated_at_text', 'dated.updated_at', required=false) }}
        ) as problem
    from dated
    cross join account_table
    left join accounts
        on dated.account_id = accounts.account_id
    left join known_currencies
        on dated.currency_code = known_currencies.currency_code
    left join exchange_rates
        on dated.currency_code = exchange_rates.currency_code
            and dated.rate_date >= exchange_rates.valid_from_date
            and dated.rate_date < exchange_rates.valid_before_date
),

fated as (
    {{ deduplicate_and_reject(source('billing', 'contracts'), 'checked', raw_columns, [
        'contract_id', 'account_id', 'customer_code', 'contract_plan', 'contract_status',
        'annual_amount', 'currency_code', 'exchange_rate', 'start_date', 'end_date',
    ]) }}
)

select * from fated
