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
        opportunities.tender_stage,
        opportunities.created_date,
        opportunities.opportunity_id,
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
        ) as competition_level,
        avg(
            case
                when closed_age_days >= 0 and competition_level = 'strong' then 1.0
                when closed_age_days >= 0 and competition_level in ('some', 'none') then 0
            end
        ) as strong_competition_rate
    from states
    group by customer_id, as_of_date
),

-- Of several open tenders the newest counts.
open_tenders as (
    select
        customer_id,
        as_of_date,
        tender_stage,
        row_number() over (
            partition by customer_id, as_of_date order by created_date desc, opportunity_id
        ) as tender_rank
    from states
    where closed_age_days < 0 and tender_stage is not null
),

final as (
    select
        totals.customer_id,
        totals.as_of_date,
        cast(totals.open_opportunity_count as bigint) as open_opportunity_count,
        cast(totals.open_opportunity_amount as decimal(18, 4)) as open_opportunity_amount,
        cast(totals.won_opportunity_count as bigint) as won_opportunity_count,
        cast(totals.lost_opportunity_count as bigint) as lost_opportunity_count,
        cast(totals.won_opportunity_count as double)
        / nullif(totals.won_opportunity_count + totals.lost_opportunity_count, 0) as win_rate,
        totals.average_decision_days,
        totals.competition_level,
        cast(totals.strong_competition_rate as double) as strong_competition_rate,
        open_tenders.tender_stage
    from totals
    left join open_tenders
        on totals.customer_id = open_tenders.customer_id
            and totals.as_of_date = open_tenders.as_of_date
            and open_tenders.tender_rank = 1
)

select * from final
