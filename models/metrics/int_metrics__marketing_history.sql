-- one row per customer with a marketing touch per as_of_date
with dates as (
    select as_of_date from {{ ref('as_of_dates') }}
),

touch_days as (
    select
        customer_id,
        occurred_date,
        count(*) as touch_count,
        {% for touch_type in ['sent', 'open', 'click', 'social', 'event'] -%}
        sum(case when touch_type = '{{ touch_type }}' then 1 else 0 end) as {{ touch_type }}_count,
        {% endfor -%}
        -- Whatever is not sent to them, they did themselves.
        sum(case when touch_type <> 'sent' then 1 else 0 end) as response_count
    from {{ ref('int_touches__attributed') }}
    where customer_id is not null
    group by customer_id, occurred_date
),

aged_touch_days as (
    select
        touch_days.*,
        dates.as_of_date,
        {{ dbt.datediff('touch_days.occurred_date', 'dates.as_of_date', 'day') }} as age_days
    from touch_days
    inner join dates
        on touch_days.occurred_date <= dates.as_of_date
),

totals as (
    select
        customer_id,
        as_of_date,
        sum(touch_count) as touch_count,
        sum({{ in_window('age_days', 0, 90, 'sent_count') }}) as sent_count_90d,
        sum({{ in_window('age_days', 0, 90, 'open_count') }}) as open_count_90d,
        sum({{ in_window('age_days', 0, 90, 'click_count') }}) as click_count_90d,
        sum({{ in_window('age_days', 0, 365, 'social_count') }}) as social_count_365d,
        sum({{ in_window('age_days', 0, 365, 'event_count') }}) as event_count_365d,
        min(case when response_count > 0 then age_days end) as days_since_last_response
    from aged_touch_days
    group by customer_id, as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        cast(touch_count as bigint) as touch_count,
        cast(sent_count_90d as bigint) as sent_count_90d,
        cast(open_count_90d as bigint) as open_count_90d,
        cast(click_count_90d as bigint) as click_count_90d,
        -- One message may be opened twice.
        case
            when open_count_90d >= sent_count_90d and sent_count_90d > 0 then 1.0e0
            else cast(open_count_90d as double) / nullif(sent_count_90d, 0)
        end as open_rate_90d,
        cast(social_count_365d as bigint) as social_count_365d,
        cast(event_count_365d as bigint) as event_count_365d,
        days_since_last_response
    from totals
)

select * from final
