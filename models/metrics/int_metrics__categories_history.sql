-- one row per customer per as_of_date, if categories of products are loaded
with customer_dates as (
    select customer_dates.*
    from {{ ref('int_metrics__customer_dates') }} as customer_dates
    inner join {{ ref('int_sources__fresh_history') }} as fresh
        on customer_dates.as_of_date = fresh.as_of_date
    where fresh.has_product_categories
),

category_days as (
    select
        customer_id,
        product_category,
        ordered_date,
        sum(line_amount) as line_amount
    from {{ ref('int_order_lines__valued') }}
    where is_counted and customer_id is not null and product_category is not null
    group by customer_id, product_category, ordered_date
),

-- Running total of each category from one of its days until the next, so that one row matches a
-- date.
running_totals as (
    select
        customer_id,
        product_category,
        ordered_date as from_date,
        lead(ordered_date, 1, cast('9999-12-31' as date)) over (
            partition by customer_id, product_category order by ordered_date
        ) as until_date,
        sum(line_amount) over (
            partition by customer_id, product_category order by ordered_date
        ) as line_amount
    from category_days
),

ranked as (
    select
        customer_dates.customer_id,
        customer_dates.as_of_date,
        running_totals.product_category,
        running_totals.line_amount,
        row_number() over (
            partition by customer_dates.customer_id, customer_dates.as_of_date
            order by running_totals.line_amount desc, running_totals.product_category
        ) as category_rank
    from customer_dates
    left join running_totals
        on customer_dates.customer_id = running_totals.customer_id
            and customer_dates.as_of_date >= running_totals.from_date
            and customer_dates.as_of_date < running_totals.until_date
),

favourites as (
    select
        customer_id,
        as_of_date,
        count(product_category) as category_count,
        max(case when category_rank = 1 then product_category end) as favourite_category,
        max(case when category_rank = 1 then line_amount end) as favourite_amount,
        sum(line_amount) as line_amount
    from ranked
    group by customer_id, as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        category_count,
        favourite_category,
        -- Discounts may exceed the value of their lines; nothing has no shares.
        case
            when line_amount > 0 then cast(favourite_amount as double) / cast(line_amount as double)
        end as favourite_category_share_rate
    from favourites
)

select * from final
