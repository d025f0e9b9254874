-- one row per customer with an opportunity per as_of_date
with dates as (
    select as_of_date from {{ ref('as_of_dates') }}
),

opportunities as (
    select * from {{ ref('int_opportunities__attributed') }} where customer_id is not null
),

states as (
    select
        opportunities.customer_id,
        dates.as_of_date,
        coalesce(opportunities.opportunity_amount, 0) as opportunity_amount,
        opportunities.competition_level,
        {{ dbt.datediff('opportunities.created_date', 'opportunities.closed_date', 'day') }}
            as decision_days,
        -- Below 0 while open.
        coalesce(
            {{ dbt.datediff('opportunities.closed_date', 'dates.as_of_date', 'day') }}, -1
        ) as closed_age_days,
        opportunities.is_won
    from opportunities
    inner join dates
        on opportunities.created_date <= dates.as_of_date
),

totals as (
    select
        customer_id,
        as_of_date,
        sum(case when closed_age_days < 0 then 1 else 0 end) as open_opportunity_count,
        sum(case when closed_age_days < 0 then opportunity_amount else 0 end)
            as open_opportunity_amount,
        sum(case when closed_age_days >= 0 and is_won then 1 else 0 end) as won_opportunity_count,
        sum(case when closed_age_days >= 0 and not is_won then 1 else 0 end)
            as lost_opportunity_count,
        avg(case when closed_age_days >= 0 then cast(decision_days as double) end)
            as average_decision_days,
        -- The strongest first.
        coalesce(
            {% for level in ['strong', 'some', 'none'] -%}
            max(
                case
                    when competition_level = '{{ level }}' and closed_age_days < 365
                        then competition_level
                end
            )
            {{- ',' if not loop.last }}
            {% endfor %}
        ) as competition_level
    from states
    group by customer_id, as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        cast(open_opportunity_count as bigint) as open_opportunity_count,
        cast(open_opportunity_amount as decimal(18, 4)) as open_opportunity_amount,
        cast(won_opportunity_count as bigint) as won_opportunity_count,
        cast(lost_opportunity_count as bigint) as lost_opportunity_count,
        cast(won_opportunity_count as double)
        / nullif(won_opportunity_count + lost_opportunity_count, 0) as win_rate,
        average_decision_days,
        competition_level
    from totals
)

select * from final
