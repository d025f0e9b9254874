-- one row per customer with a counted order line per as_of_date
with dates as (
    select as_of_date from {{ ref('as_of_dates') }}
),

lines as (
    select * from {{ ref('int_order_lines__valued') }}
    where is_counted and customer_id is not null
),

line_days as (
    select
        customer_id,
        ordered_date,
        count(distinct order_id) as order_count,
        sum(quantity) as unit_count,
        sum(gross_amount) as gross_amount,
        sum(discount_amount) as discount_amount,
        coalesce(sum(product_cost_amount), 0) as product_cost_amount
    from lines
    group by customer_id, ordered_date
),

aged_line_days as (
    select
        line_days.*,
        dates.as_of_date,
        {{ dbt.datediff('line_days.ordered_date', 'dates.as_of_date', 'day') }} as age_days
    from line_days
    inner join dates
        on line_days.ordered_date <= dates.as_of_date
),

totals as (
    select
        customer_id,
        as_of_date,
        sum(product_cost_amount) as product_cost_amount,
        sum({{ in_window('age_days', 0, 365, 'product_cost_amount') }})
            as product_cost_amount_365d,
        sum(discount_amount) as discount_amount,
        sum({{ in_window('age_days', 0, 365, 'discount_amount') }}) as discount_amount_365d,
        sum(gross_amount) as gross_amount,
        sum(unit_count) as unit_count,
        sum(order_count) as order_count
    from aged_line_days
    group by customer_id, as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        cast(product_cost_amount as decimal(18, 4)) as product_cost_amount,
        cast(product_cost_amount_365d as decimal(18, 4)) as product_cost_amount_365d,
        cast(discount_amount as decimal(18, 4)) as discount_amount,
        cast(discount_amount_365d as decimal(18, 4)) as discount_amount_365d,
        cast(discount_amount as double) / nullif(cast(gross_amount as double), 0)
            as discount_rate,
        cast(unit_count as double) / cast(order_count as double) as average_basket_units
    from totals
)

select * from final
