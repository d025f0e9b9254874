-- one row per customer with an NPS response per as_of_date
with dates as (
    select as_of_date from {{ ref('as_of_dates') }}
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
        lead(responded_date) over (
            partition by customer_id
            order by responded_at, response_id
        ) as next_responded_date
    from {{ ref('int_nps_responses__attributed') }}
    where customer_id is not null
),

final as (
    select
        responses.customer_id,
        dates.as_of_date,
        responses.nps_score,
        {{ dbt.datediff('responses.responded_date', 'dates.as_of_date', 'day') }}
            as days_since_nps_response,
        responses.response_number as nps_response_count
    from responses
    inner join dates
        on responses.responded_date <= dates.as_of_date
    where responses.next_responded_date is null
        or responses.next_responded_date > dates.as_of_date
)

select * from final
