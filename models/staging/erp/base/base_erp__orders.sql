-- one row per raw row of erp_orders
{% set raw_columns = [
    'order_id', 'customer_code', 'ordered_at', 'order_total_amount', 'currency', 'status', 'channel',
    'promotion_code', 'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('order_id') }} as order_id,
        {{ known_key('customer_code') }} as customer_code,
        {{ iso_timestamp_text('ordered_at') }} as ordered_at_text,
        {{ clean_key('order_total_amount') }} as order_total_amount_text,
        {{ clean_word('currency') }} as currency_text,
        {{ clean_word('status') }} as status_text,
        {{ clean_text('channel') }} as channel,
        {{ clean_key('promotion_code') }} as promotion_code,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('erp', 'orders') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

-- Without a total the lines are the value of an order. Whether they can be used is decided in
-- `base_erp__order_lines`, which needs the orders; here it is enough that their numbers can.
lines as (
    select
        {{ clean_key('order_id') }} as order_id,
        {{ clean_key('quantity') }} as quantity_text,
        {{ clean_key('unit_price') }} as unit_price_text,
        {{ clean_key('discount_amount') }} as discount_amount_text
    from {{ source('erp', 'order_lines') }}
),

orders_without_total as (
    select distinct order_id from cleaned where order_total_amount_text is null
),

lines_of_orders_without_total as (
    select
        lines.*,
        {{ dbt.safe_cast('lines.quantity_text', 'decimal(18, 4)') }} as quantity,
        {{ dbt.safe_cast('lines.unit_price_text', 'decimal(18, 4)') }} as unit_price,
        {{ dbt.safe_cast('lines.discount_amount_text', 'decimal(18, 4)') }} as discount
    from lines
    inner join orders_without_total
        on lines.order_id = orders_without_total.order_id
),

orders_with_lines as (
    select distinct order_id
    from lines_of_orders_without_total
    where quantity is not null
        and unit_price is not null
        and coalesce(
            {{ number_problem('quantity_text') }},
            {{ number_problem('unit_price_text', factor='quantity') }},
            {{ number_problem('discount_amount_text', number='discount') }}
        ) is null
),

typed as (
    select
        cleaned.*,
        {{ utc_timestamp('cleaned.ordered_at_text') }} as ordered_at,
        {{ business_date('cleaned.ordered_at_text') }} as ordered_date,
        {{ dbt.safe_cast('cleaned.order_total_amount_text', 'decimal(18, 4)') }} as order_total_amount,
        case
            when cleaned.status_text is null then 'completed' else status_aliases.value
        end as order_status
    from cleaned
    left join {{ ref('stg_reference__value_aliases') }} as status_aliases
        on status_aliases.value_kind = 'order_status'
            and cleaned.status_text = status_aliases.word
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed', ['customer_code']) }} as ignored_value,
        exchange_rates.currency_code,
        exchange_rates.exchange_rate,
        coalesce(
            {{ date_problem('typed.ordered_at_text', 'limits.latest_permitted_date') }},
            {{ number_problem(
                'typed.order_total_amount_text', factor='exchange_rates.exchange_rate'
            ) }},
            case
                when typed.order_total_amount_text is null and orders_with_lines.order_id is null
                    then 'missing_amount: order_total_amount'
            end,
            {{ currency_problem('exchange_rates') }},
            case when typed.order_status is null then 'unknown_status: status' end
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
    left join orders_with_lines
        on typed.order_id = orders_with_lines.order_id
    left join {{ ref('stg_reference__exchange_rates') }} as exchange_rates
        on coalesce(typed.currency_text, '') = exchange_rates.currency_word
            and typed.ordered_date >= exchange_rates.valid_from_date
            and typed.ordered_date < exchange_rates.valid_before_date
),

deduplicated as (
    {{ deduplicate_and_reject(source('erp', 'orders'), 'checked', raw_columns, [
        'order_id', 'customer_code', 'currency_code', 'order_status', 'channel', 'promotion_code',
        'order_total_amount', 'exchange_rate', 'ordered_date', 'ordered_at',
    ]) }}
)

select * from deduplicated
