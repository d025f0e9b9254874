-- one row per customer per as_of_date, if contracts are loaded
with customer_dates as (
    select customer_dates.*
    from {{ ref('int_metrics__customer_dates') }} as customer_dates
    inner join {{ ref('int_sources__fresh_history') }} as fresh
        on customer_dates.as_of_date = fresh.as_of_date
    where fresh.has_billing_contracts
),

-- When a cancelled or expired contract without an end date ended is not known.
contracts as (
    select
        customer_id,
        contract_plan,
        annual_amount,
        coalesce(contract_plan = 'trial', false) as is_trial,
        contract_status = 'cancelled' as is_cancelled,
        start_date,
        end_date
    from {{ ref('int_contracts__attributed') }}
    where customer_id is not null
        and (contract_status not in ('cancelled', 'expired') or end_date is not null)
),

begun as (
    select
        customer_dates.customer_id,
        customer_dates.as_of_date,
        contracts.contract_plan,
        contracts.annual_amount,
        contracts.is_trial,
        contracts.end_date,
        contracts.end_date is null
        or contracts.end_date >= customer_dates.as_of_date as is_in_force
    from customer_dates
    -- The status is today's: a contract cancelled before its end has stopped by now, not by then.
    left join contracts
        on customer_dates.customer_id = contracts.customer_id
            and customer_dates.as_of_date >= contracts.start_date
            and not (
                customer_dates.is_current
                and contracts.is_cancelled
                and contracts.end_date > customer_dates.as_of_date
            )
),

totals as (
    select
        customer_id,
        as_of_date,
        sum(case when is_in_force and not is_trial then 1 else 0 end) as contract_count,
        sum(case when is_in_force and not is_trial then annual_amount else 0 end)
            as annual_contract_amount,
        -- The highest plan first.
        coalesce(
            {% for plan in ['enterprise', 'professional', 'basic', 'trial'] -%}
            max(case when is_in_force and contract_plan = '{{ plan }}' then contract_plan end)
            {{- ',' if not loop.last }}
            {% endfor %}
        ) as contract_plan,
        sum(case when is_in_force and is_trial then 1 else 0 end) as trial_contract_count,
        sum(case when not is_trial and end_date is null then 1 else 0 end)
            as endless_contract_count,
        max(case when not is_trial then end_date end) as last_end_date
    from begun
    group by customer_id, as_of_date
),

final as (
    select
        customer_id,
        as_of_date,
        cast(contract_count as bigint) as contract_count,
        cast(coalesce(annual_contract_amount, 0) as decimal(18, 4)) as annual_contract_amount,
        contract_plan,
        cast(trial_contract_count as bigint) as trial_contract_count,
        case
            when endless_contract_count = 0
                then cast({{ dbt.datediff('as_of_date', 'last_end_date', 'day') }} as bigint)
        end as days_until_contract_end
    from totals
)

select * from final
