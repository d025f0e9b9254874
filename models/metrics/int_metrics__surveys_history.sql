-- one row per customer per as_of_date, if NPS responses are loaded
with customer_dates as (
    select customer_dates.*
    from {{ ref('int_metrics__customer_dates') }} as customer_dates
    inner join {{ ref('int_sources__fresh_history') }} as fresh
        on customer_dates.as_of_date = fresh.as_of_date
    where fresh.has_support_nps_responses
),

-- A response is the newest from its day until the day of the next one.
responses as (
    select
        customer_id,
        nps_score,
        responded_date,
        row_number() over (
            partition by customer_id
            order by responded_at, response_id
        ) as response_number,
        lead(responded_date, 1, cast('9999-12-31' as date)) over (
            partition by customer_id
            order by responded_at, response_id
        ) as next_responded_date
    from {{ ref('int_nps_responses__attributed') }}
    where customer_id is not null
),

final as (
    select
        customer_dates.customer_id,
        customer_dates.as_of_date,
        cast(responses.nps_score as bigint) as nps_score,
        cast({{ dbt.datediff('responses.responded_date', 'customer_dates.as_of_date', 'day') }} as bigint)
            as days_since_nps_response,
        coalesce(responses.response_number, 0) as nps_response_count
    from customer_dates
    left join responses
        on customer_dates.customer_id = responses.customer_id
            and customer_dates.as_of_date >= responses.responded_date
            and customer_dates.as_of_date < responses.next_responded_date
)

select * from final
