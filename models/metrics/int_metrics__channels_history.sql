-- one row per customer with a counted order per as_of_date
with dates as (
    select as_of_date from {{ ref('as_of_dates') }}
),

channel_days as (
    select
        customer_id,
        channel,
        ordered_date,
        count(*) as order_count,
        count(promotion_code) as promotion_order_count
    from {{ ref('orders') }}
    where is_counted and customer_id is not null
    group by customer_id, channel, ordered_date
),

-- Running total of each channel from one of its days until the next, so that one row matches a
-- date.
running_totals as (
    select
        customer_id,
        channel,
        ordered_date as from_date,
        lead(ordered_date) over (
            partition by customer_id, channel order by ordered_date
        ) as until_date,
        sum(order_count) over (
            partition by customer_id, channel order by ordered_date
        ) as order_count,
        sum(promotion_order_count) over (
            partition by customer_id, channel order by ordered_date
        ) as promotion_order_count
    from channel_days
),

-- A channel that is not given ranks last, so that it is no favourite beside a known one.
ranked as (
    select
        running_totals.*,
        dates.as_of_date,
        row_number() over (
            partition by running_totals.customer_id, dates.as_of_date
            order by
                case when running_totals.channel is null then 1 else 0 end,
                running_totals.order_count desc,
                running_totals.channel
        ) as channel_rank
    from running_totals
    inner join dates
        on running_totals.from_date <= dates.as_of_date
            and (running_totals.until_date is null or running_totals.until_date > dates.as_of_date)
),

final as (
    select
        customer_id,
        as_of_date,
        max(case when channel_rank = 1 then channel end) as favourite_channel,
        count(channel) as channel_count,
        cast(sum(promotion_order_count) as double) / cast(sum(order_count) as double)
            as promotion_order_rate
    from ranked
    group by customer_id, as_of_date
)

select * from final
