-- one row per thing that is kept and yet suspicious
with orders as (
    select * from {{ ref('stg_erp__orders') }}
),

records as (
    select customer_code from {{ ref('stg_erp__customers') }}
),

refunds as (
    select * from {{ ref('stg_erp__refunds') }}
),

order_values as (
    select
        order_id,
        order_amount
    from {{ ref('int_orders__valued') }}
),

products as (
    select
        product_code,
        currency_code
    from {{ ref('stg_erp__products') }}
    where unit_cost is not null
),

counted as (
    select
        source_table,
        kept_count
    from {{ ref('int_source_rows__counted') }}
),

order_codes as (
    select
        customer_code,
        count(*) as order_count
    from orders
    where customer_code is not null
    group by customer_code
),

one_record as (
    select min(customer_code) as customer_code from records
),

codes as (
    select
        'erp_orders' as source_table,
        'codes_without_record' as warning_key,
        sum(case when records.customer_code is null then 1 else 0 end) as affected_count,
        count(*) as compared_count,
        min(case when records.customer_code is null then order_codes.customer_code end)
            as example,
        max(one_record.customer_code) as counterexample
    from order_codes
    cross join one_record
    left join records
        on order_codes.customer_code = records.customer_code
),

placeholders as (
    select
        'erp_orders' as source_table,
        'placeholder_codes' as warning_key,
        sum(ignored.record_count) as affected_count,
        max(counted.kept_count) as compared_count,
        cast(null as varchar) as example,
        cast(null as varchar) as counterexample
    from {{ ref('ignored_value_counts') }} as ignored
    inner join counted
        on ignored.source_table = counted.source_table
    where
        ignored.source_table = 'erp_orders'
        and ', ' || ignored.ignored_columns || ',' like '%, customer_code,%'
),

repeated as (
    select
        repeated.source_table,
        'repeated_content' as warning_key,
        repeated.repeated_content_count as affected_count,
        counted.kept_count as compared_count,
        cast(null as varchar) as example,
        cast(null as varchar) as counterexample
    from {{ ref('int_source_rows__repeated') }} as repeated
    inner join counted
        on repeated.source_table = counted.source_table
),

foreign_orders as (
    select
        count(*) as order_count,
        sum(case when currency_code = '{{ var("base_currency") }}' then 0 else 1 end)
            as foreign_count,
        min(case when currency_code != '{{ var("base_currency") }}' then currency_code end)
            as foreign_currency
    from orders
),

costs as (
    select
        'erp_products' as source_table,
        'costs_in_another_currency' as warning_key,
        count(*) as affected_count,
        count(*) as compared_count,
        '{{ var("base_currency") }}' as example,
        max(foreign_orders.foreign_currency) as counterexample
    from products
    cross join foreign_orders
    where foreign_orders.foreign_count * 2 > foreign_orders.order_count
    having min(products.currency_code) = '{{ var("base_currency") }}'
        and max(products.currency_code) = '{{ var("base_currency") }}'
),

statuses as (
    select
        'erp_orders' as source_table,
        'orders_that_do_not_count' as warning_key,
        sum(case when order_status = 'completed' then 0 else 1 end) as affected_count,
        count(*) as compared_count,
        min(order_status) as example,
        cast(null as varchar) as counterexample
    from orders
),

refunds_of_orders as (
    select
        order_id,
        sum({{ engine('in_base_currency', 'refund_amount', 'exchange_rate') }}) as refund_amount
    from refunds
    where order_id is not null
    group by order_id
),

refunded as (
    select
        'erp_refunds' as source_table,
        'refunds_above_order' as warning_key,
        sum(case when refunds_of_orders.refund_amount > order_values.order_amount then 1 else 0 end)
            as affected_count,
        count(*) as compared_count,
        min(
            case
                when refunds_of_orders.refund_amount > order_values.order_amount
                    then refunds_of_orders.order_id
            end
        ) as example,
        cast(null as varchar) as counterexample
    from refunds_of_orders
    inner join order_values
        on refunds_of_orders.order_id = order_values.order_id
),

found as (
    -- Some buyers always lack a record; it is strange if most do.
    select * from codes
    where affected_count * 2 > compared_count and counterexample is not null

    union all

    select * from statuses
    where affected_count = compared_count and compared_count > 0

    union all

    select * from refunded
    where affected_count > 0

    union all

    select * from placeholders
    where affected_count > 0

    union all

    -- Equal rows happen; one in twenty looks like an export that was appended to another.
    select * from repeated
    where affected_count * 20 >= compared_count and affected_count > 0

    union all

    select * from costs
)

select
    source_table,
    warning_key,
    cast(affected_count as bigint) as affected_count,
    cast(compared_count as bigint) as compared_count,
    example,
    counterexample
from found
