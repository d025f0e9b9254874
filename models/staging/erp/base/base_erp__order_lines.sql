-- one row per raw row of erp_order_lines
{% set raw_columns = [
    'order_line_id', 'order_id', 'product_code', 'quantity', 'unit_price', 'discount_amount',
    'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('order_line_id') }} as order_line_id,
        {{ known_key('order_id') }} as order_id,
        {{ known_key('product_code') }} as product_code,
        {{ clean_key('quantity') }} as quantity_text,
        {{ clean_key('unit_price') }} as unit_price_text,
        {{ clean_key('discount_amount') }} as discount_amount_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('erp', 'order_lines') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        *,
        {{ dbt.safe_cast('quantity_text', 'decimal(18, 4)') }} as quantity,
        {{ dbt.safe_cast('unit_price_text', 'decimal(18, 4)') }} as unit_price,
        {{ dbt.safe_cast('discount_amount_text', 'decimal(18, 4)') }} as discount
    from cleaned
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed', ['product_code']) }} as ignored_value,
        coalesce(typed.discount, 0) as discount_amount,
        coalesce(
            case
                when typed.order_id is null then 'missing_key: order_id'
                when typed.quantity_text is null then 'missing_amount: quantity'
                when typed.unit_price_text is null then 'missing_amount: unit_price'
            end,
            {{ number_problem('typed.quantity_text', 'negative_quantity') }},
            {{ number_problem(
                'typed.unit_price_text',
                factor='cast(typed.quantity as double) * coalesce(orders.exchange_rate, 1)'
            ) }},
            {{ number_problem(
                'typed.discount_amount_text', factor='orders.exchange_rate', number='typed.discount'
            ) }},
            case when orders.order_id is null then 'unknown_order: order_id' end
        ) as problem
    from typed
    left join {{ ref('base_erp__orders') }} as orders
        on typed.order_id = orders.order_id
            and orders.row_status = 'kept'
),

deduplicated as (
    {{ deduplicate_and_reject(source('erp', 'order_lines'), 'checked', raw_columns, [
        'order_line_id', 'order_id', 'product_code', 'quantity', 'unit_price', 'discount_amount',
    ]) }}
)

select * from deduplicated
