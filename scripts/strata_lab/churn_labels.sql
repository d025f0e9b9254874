-- one row per customer and past date that is judged: what the release said, and what came after
create or replace temp table judged_customers as
with truth as (
    select
        *,
        least(lapsed_at, churned_at) as leaves_at,
        coalesce(
            leaves_at,
            case
                when pattern = 'one_time' and coalesce(subscription, 'none') != 'running'
                    then last_order_date
            end
        ) as gone_at
    from read_parquet({customers})
),

-- Of a customer who holds records of several true ones by mistake, the first of them speaks.
owners as (
    select identity_map.customer_id, min(records.entity_id) as entity_id
    from read_parquet({records}) as records
    inner join customer_identity_map as identity_map
        on identity_map.source_system = 'erp'
            and trim(records.customer_code) = identity_map.source_record_id
    group by identity_map.customer_id
),

dates as (
    select as_of_date, lead(as_of_date) over (order by as_of_date) as next_date
    from (select distinct as_of_date from customer_segments_history) as listed
)

select
    segments.customer_id,
    segments.as_of_date,
    truth.customer_type,
    segments.lifecycle_stage_key,
    segments.days_since_last_order,
    segments.net_revenue_amount_365d,
    coalesce(truth.leaves_at > segments.as_of_date, false)
        and truth.leaves_at <= dates.next_date as leaves,
    truth.pattern = 'growing' as grows
from customer_segments_history as segments
inner join customer_metrics_history as metrics
    on segments.customer_id = metrics.customer_id
        and segments.as_of_date = metrics.as_of_date
inner join dates on segments.as_of_date = dates.as_of_date and dates.next_date is not null
inner join owners on segments.customer_id = owners.customer_id
inner join truth on owners.entity_id = truth.entity_id
where metrics.days_since_last_purchase < {active_days}
    and (
        coalesce(truth.gone_at > segments.as_of_date, true)
        or coalesce(truth.returned_at <= segments.as_of_date, false)
    )
