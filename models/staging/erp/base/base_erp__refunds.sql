-- one row per raw row of erp_refunds
{% set raw_columns = [
    'refund_id', 'order_id', 'customer_code', 'refunded_at', 'amount', 'currency', 'reason',
    'updated_at',
] %}
with source_rows as (
    select * from {{ source('erp', 'refunds') }}
),

placeholders as (
    {{ placeholder_words() }}
),

orders as (
    select order_id from {{ ref('base_erp__orders') }} where row_status = 'kept'
),

limits as (
    select latest_permitted_date from {{ ref('stg_strata__run_limits') }}
),

currency_aliases as (
    select
        {{ clean_word('alias') }} as alias,
        value
    from {{ ref('value_aliases') }}
    where value_kind = 'currency'
),

exchange_rates as (
    select * from {{ ref('stg_reference__exchange_rates') }}
),

known_currencies as (
    select distinct currency_code from exchange_rates
),

cleaned as (
    select
        {{ known_key('refund_id') }} as refund_id,
        {{ known_key('order_id') }} as order_id,
        {{ known_key('customer_code') }} as customer_code,
        {{ iso_timestamp_text('refunded_at') }} as refunded_at_text,
        {{ clean_key('amount') }} as amount_text,
        {{ clean_word('currency') }} as currency_text,
        {{ clean_text('reason') }} as refund_reason,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from source_rows
    cross join placeholders
),

typed as (
    select
        cleaned.*,
        {{ utc_timestamp('cleaned.refunded_at_text') }} as refunded_at,
        {{ business_date('cleaned.refunded_at_text') }} as refunded_date,
        {{ dbt.safe_cast('cleaned.amount_text', 'decimal(18, 4)') }} as refund_amount,
        coalesce(
            currency_aliases.value, upper(cleaned.currency_text), '{{ var("base_currency") }}'
        ) as currency_code,
        {{ utc_timestamp('cleaned.updated_at_text') }} as updated_at
    from cleaned
    left join currency_aliases
        on cleaned.currency_text = currency_aliases.alias
),

checked as (
    select
        typed.*,
        typed.refund_id as source_key,
        {{ ignored_value('typed', {
            'order_id': 'typed.order_id',
            'customer_code': 'typed.customer_code',
        }) }} as ignored_value,
        exchange_rates.exchange_rate,
        coalesce(
            case when typed.refund_id is null then 'missing_key: refund_id' end,
            {{ date_problem(
                'typed.refunded_at_text', 'typed.refunded_date', 'limits.latest_permitted_date'
            ) }},
            case when typed.amount_text is null then 'missing_amount: amount' end,
            {{ number_problem(
                'typed.amount_text', 'typed.refund_amount', factor='exchange_rates.exchange_rate'
            ) }},
            case when known_currencies.currency_code is null then 'unknown_currency: currency' end,
            case
                when exchange_rates.exchange_rate is null then 'missing_exchange_rate: currency'
            end,
            case
                when typed.order_id is not null and orders.order_id is null
                    then 'unknown_order: order_id'
            end,
            {{ date_problem('typed.updated_at_text', 'typed.updated_at', required=false) }}
        ) as problem
    from typed
    cross join limits
    left join orders
        on typed.order_id = orders.order_id
    left join known_currencies
        on typed.currency_code = known_currencies.currency_code
    left join exchange_rates
        on typed.currency_code = exchange_rates.currency_code
            and typed.refunded_date >= exchange_rates.valid_from_date
            and typed.refunded_date < exchange_rates.valid_before_date
),

fated as (
    {{ deduplicate_and_reject(source('erp', 'refunds'), 'checked', raw_columns, [
        'refund_id', 'order_id', 'customer_code', 'currency_code', 'refund_reason', 'refund_amount',
        'exchange_rate', 'refunded_date', 'refunded_at',
    ]) }}
)

select * from fated
