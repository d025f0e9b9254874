-- one row per customer per as_of_date, if marketing touches are loaded
with customer_dates as (
    select customer_dates.*
    from {{ ref('int_metrics__customer_dates') }} as customer_dates
    inner join {{ ref('int_sources__fresh_history') }} as fresh
        on customer_dates.as_of_date = fresh.as_of_date
    where fresh.has_marketing_touches
),

touch_days as (
    select
        customer_id,
        occurred_date,
        count(*) as touch_count,
        {% for touch_type in ['sent', 'open', 'click', 'social', 'event'] -%}
        sum(case when touch_type = '{{ touch_type }}' then 1 else 0 end) as {{ touch_type }}_count,
        {% endfor -%}
        -- Every touch that is not sent to them is their own action.
        sum(case when touch_type <> 'sent' then 1 else 0 end) as response_count
    from {{ ref('int_touches__attributed') }}
    where customer_id is not null
    group by customer_id, occurred_date
),

aged as (
    select
        customer_dates.customer_id,
        customer_dates.as_of_date,
        touch_days.touch_count,
        touch_days.sent_count,
        touch_days.open_count,
        touch_days.click_count,
        touch_days.social_count,
        touch_days.event_count,
        touch_days.response_count,
        {{ dbt.datediff('touch_days.occurred_date', 'customer_dates.as_of_date', 'day') }} as age_days
    from customer_dates
    left join touch_days
        on customer_dates.customer_id = touch_days.customer_id
            and customer_dates.as_of_date >= touch_days.occurred_date
),

totals as (
    select
        customer_id,
        as_of_date,
        coalesce(sum(touch_count), 0) as touch_count,
        sum({{ in_window('age_days', 0, 90, 'sent_count') }}) as sent_count_90d,
        sum({{ in_window('age_days', 0, 90, 'open_count') }}) as open_count_90d,
        sum({{ in_window('age_days', 0, 90, 'click_count') }}) as click_count_90d,
        sum({{ in_window('age_days', 0, 365, 'social_count') }}) as social_count_365d,
        sum({{ in_window('age_days', 0, 365, 'event_count') }}) as event_count_365d,
        min(case when response_count > 0 then age_days end) as days_since_last_response
    from aged
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
        cast(days_since_last_response as bigint) as days_since_last_response
    from totals
)

select * from final
