-- one row per customer with a counted order line of a known category per as_of_date
with dates as (
    select as_of_date from {{ ref('as_of_dates') }}
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

-- What each category has come to from one of its days until the next, so that one row of it
-- meets a date.
running_totals as (
    select
        customer_id,
        product_category,
        ordered_date as from_date,
        lead(ordered_date) over (
            partition by customer_id, product_category order by ordered_date
        ) as until_date,
        sum(line_amount) over (
            partition by customer_id, product_category order by ordered_date
        ) as line_amount
    from category_days
),

ranked as (
    select
        running_totals.*,
        dates.as_of_date,
        row_number() over (
            partition by running_totals.customer_id, dates.as_of_date
            order by running_totals.line_amount desc, running_totals.product_category
        ) as category_rank
    from running_totals
    inner join dates
        on running_totals.from_date <= dates.as_of_date
            and (running_totals.until_date is null or running_totals.until_date > dates.as_of_date)
),

favourites as (
    select
        customer_id,
        as_of_date,
        count(*) as category_count,
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
