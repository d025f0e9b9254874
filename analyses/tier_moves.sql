-- Which customers' tiers moved from one as_of_date to the next, and what value moved with them?
-- one row per as_of_date, earlier tier and tier
with segments as (
    select
        customer_id,
        as_of_date,
        tier_key,
        value_amount
    from {{ ref('customer_segments_history') }}
),

steps as (
    select
        as_of_date,
        lag(as_of_date) over (order by as_of_date) as previous_as_of_date
    from {{ ref('as_of_dates') }}
),

moves as (
    select
        segments.as_of_date,
        coalesce(previous.tier_key, 'not known yet') as previous_tier_key,
        segments.tier_key,
        count(*) as customer_count,
        sum(segments.value_amount) as value_amount
    from segments
    inner join steps
        on segments.as_of_date = steps.as_of_date
    left join segments as previous
        on segments.customer_id = previous.customer_id
            and steps.previous_as_of_date = previous.as_of_date
    where steps.previous_as_of_date is not null
    group by segments.as_of_date, previous.tier_key, segments.tier_key
)

select * from moves
order by as_of_date, previous_tier_key, tier_key
