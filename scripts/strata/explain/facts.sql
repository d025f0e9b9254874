-- What a release knows of the customer in table `asked` that time or a change will move.

-- The customer and, where the policy values whole groups, the other members of its group.
create or replace temp table members as
select
    segments.customer_id,
    segments.customer_type,
    segments.as_of_date,
    segments.customer_id = asked_segments.customer_id as is_asked,
    metrics.annual_contract_amount is not null as has_contracts,
    metrics.profit_amount,
    metrics.profit_amount_365d,
    metrics.service_cost_amount is not null as has_service_cost,
    metrics.first_seen_date
from customer_segments as segments
inner join customer_metrics as metrics
    on segments.customer_id = metrics.customer_id
inner join customer_segments as asked_segments
    on segments.customer_id = asked_segments.customer_id
        or (
            segments.group_customer_id = asked_segments.group_customer_id
            and segments.customer_type = asked_segments.customer_type
        )
inner join asked
    on asked_segments.customer_id = asked.customer_id;

create or replace temp table movements as
select
    orders.customer_id,
    orders.ordered_date as movement_date,
    1 as order_count,
    orders.gross_revenue_amount,
    cast(0 as decimal(18, 4)) as refund_amount,
    orders.ordered_date
from orders
inner join members
    on orders.customer_id = members.customer_id
where orders.is_counted

union all

-- The code on the refund comes before that of its order.
select
    members.customer_id,
    refunds.refunded_date,
    0,
    0,
    cast(refunds.refund_amount * refunds.exchange_rate as decimal(18, 4)),
    null
from stg_erp__refunds as refunds
left join orders
    on refunds.order_id = orders.order_id
inner join customer_identity_map as codes
    on coalesce(refunds.customer_code, orders.customer_code) = codes.source_record_id
        and codes.source_system = 'erp'
inner join members
    on codes.customer_id = members.customer_id
where coalesce(orders.is_counted, true);

create or replace temp table contracts as
select
    contracts.customer_id,
    contracts.annual_amount,
    coalesce(contracts.contract_plan = 'trial', false) as is_trial,
    contracts.start_date,
    contracts.end_date
from int_contracts__attributed as contracts
inner join members
    on contracts.customer_id = members.customer_id
where members.has_contracts
    and (contracts.contract_status <> 'expired' or contracts.end_date is not null)
    -- A contract cancelled before its end has stopped by now.
    and (
        contracts.contract_status <> 'cancelled'
        or contracts.end_date <= (select as_of_date from as_of_dates where is_current)
    );

create or replace temp table login_days as
select distinct interactions.occurred_date as login_date
from interactions
inner join asked
    on interactions.customer_id = asked.customer_id
where interactions.interaction_type = 'login';

create or replace temp table today as
select
    metrics.as_of_date,
    metrics.customer_type,
    metrics.login_count,
    metrics.open_complaint_count,
    metrics.nps_score,
    metrics.days_since_first_seen as seen_days,
    metrics.days_since_nps_response as nps_days,
    metrics.days_since_last_interaction as interaction_days
from customer_metrics as metrics
inner join asked
    on metrics.customer_id = asked.customer_id;

-- What profit had come to by then, where the history knows.
create or replace temp table profits as
select
    members.customer_id,
    dates.as_of_date as from_date,
    case
        when members.first_seen_date > dates.as_of_date then members.profit_amount
        when (history.service_cost_amount is not null) = members.has_service_cost
            then members.profit_amount - history.profit_amount
    end as profit_amount_since
from members
cross join as_of_dates as dates
left join customer_metrics_history as history
    on members.customer_id = history.customer_id
        and dates.as_of_date = history.as_of_date;

create or replace temp table cut_points as
select
    dimensions.dimension,
    dimensions.metric,
    dimensions.weight,
    cuts.rfm_method,
    cuts.cut_point_1,
    cuts.cut_point_2,
    cuts.cut_point_3,
    cuts.cut_point_4
from rfm_cut_points as cuts
inner join today
    on cuts.customer_type = today.customer_type
        and cuts.as_of_date = today.as_of_date
inner join int_policy__current as policy
    on true
inner join rfm_dimensions as dimensions
    on cuts.dimension = dimensions.dimension
        and cuts.customer_type = dimensions.customer_type
        and policy.policy_key = dimensions.policy_key;
