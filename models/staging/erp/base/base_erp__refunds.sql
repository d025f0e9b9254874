-- one row per raw row of erp_refunds
{% set raw_columns = [
    'refund_id', 'order_id', 'customer_code', 'refunded_at', 'amount', 'currency', 'reason',
    'updated_at',
] %}
with cleaned as (
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
    from {{ source('erp', 'refunds') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        {{ utc_timestamp('cleaned.refunded_at_text') }} as refunded_at,
        {{ business_date('cleaned.refunded_at_text') }} as refunded_date,
        {{ dbt.safe_cast('cleaned.amount_text', 'decimal(18, 4)') }} as refund_amount
    from cleaned
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed', ['order_id', 'customer_code']) }} as ignored_value,
        exchange_rates.currency_code,
        exchange_rates.exchange_rate,
        coalesce(
            {{ date_problem('typed.refunded_at_text', 'limits.latest_permitted_date') }},
            case when typed.amount_text is null then 'missing_amount: amount' end,
            {{ number_problem(
                'typed.amount_text', factor='exchange_rates.exchange_rate',
                number='typed.refund_amount'
            ) }},
            {{ currency_problem('exchange_rates') }},
            case
                when typed.order_id is not null and orders.order_id is null
                    then 'unknown_order: order_id'
            end
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
    left join {{ ref('base_erp__orders') }} as orders
        on typed.order_id = orders.order_id
            and orders.row_status = 'kept'
    left join {{ ref('stg_reference__exchange_rates') }} as exchange_rates
        on coalesce(typed.currency_text, '') = exchange_rates.currency_word
            and typed.refunded_date >= exchange_rates.valid_from_date
            and typed.refunded_date < exchange_rates.valid_before_date
),

deduplicated as (
    {{ deduplicate_and_reject(source('erp', 'refunds'), 'checked', raw_columns, [
        'refund_id', 'order_id', 'customer_code', 'currency_code', 'refund_reason', 'refund_amount',
        'exchange_rate', 'refunded_date', 'refunded_at',
    ]) }}
)

select * from deduplicated
