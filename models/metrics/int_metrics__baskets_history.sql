-- one row per customer per as_of_date, if order lines are loaded
with customer_dates as (
    select
        customer_dates.*,
        fresh.has_product_costs
    from {{ ref('int_metrics__customer_dates') }} as customer_dates
    inner join {{ ref('int_sources__fresh_history') }} as fresh
        on customer_dates.as_of_date = fresh.as_of_date
    where fresh.has_erp_order_lines
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
    from {{ ref('int_order_lines__valued') }}
    where is_counted and customer_id is not null
    group by customer_id, ordered_date
),

aged as (
    select
        customer_dates.customer_id,
        customer_dates.as_of_date,
        customer_dates.has_product_costs,
        line_days.order_count,
        line_days.unit_count,
        line_days.gross_amount,
        line_days.discount_amount,
        line_days.product_cost_amount,
        {{ dbt.datediff('line_days.ordered_date', 'customer_dates.as_of_date', 'day') }} as age_days
    from customer_dates
    left join line_days
        on customer_dates.customer_id = line_days.customer_id
            and customer_dates.as_of_date >= line_days.ordered_date
),

totals as (
    select
        customer_id,
        as_of_date,
        coalesce(sum(discount_amount), 0) as discount_amount,
        sum({{ in_window('age_days', 0, 365, 'discount_amount') }}) as discount_amount_365d,
        sum(gross_amount) as gross_amount,
        case when has_product_costs then coalesce(sum(product_cost_amount), 0) end
            as product_cost_amount,
        case
            when has_product_costs
                then sum({{ in_window('age_days', 0, 365, 'product_cost_amount') }})
        end as product_cost_amount_365d,
        sum(unit_count) as unit_count,
        sum(order_count) as order_count
    from aged
    group by customer_id, as_of_date, has_product_costs
),

final as (
    select
        customer_id,
        as_of_date,
        cast(discount_amount as decimal(18, 4)) as discount_amount,
        cast(discount_amount_365d as decimal(18, 4)) as discount_amount_365d,
        cast(discount_amount as double) / nullif(cast(gross_amount as double), 0)
            as discount_rate,
        cast(product_cost_amount as decimal(18, 4)) as product_cost_amount,
        cast(product_cost_amount_365d as decimal(18, 4)) as product_cost_amount_365d,
        cast(unit_count as double) / cast(order_count as double) as average_basket_units
    from totals
)

select * from final
