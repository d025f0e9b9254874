-- What the rules of a release say of the customer in each row of table `scenarios`, from the
-- tables of facts.sql. What is not known yet does not happen: no order, no log-in, no refund. Every
-- formula is that of the model that publishes the metric: on the current date, without a change,
-- all must be what is published. Leaves `projected` with the metrics, `decided` with the outcomes.

create or replace temp table aged_movements as
select
    scenarios.scenario_id,
    movements.*,
    date_diff('day', movements.movement_date, scenarios.judged_date) as age_days
from scenarios
inner join movements
    on movements.movement_date <= scenarios.judged_date

union all

select
    scenarios.scenario_id,
    asked.customer_id,
    scenarios.changed_date,
    scenarios.order_count,
    scenarios.order_amount,
    0,
    scenarios.changed_date,
    date_diff('day', scenarios.changed_date, scenarios.judged_date)
from scenarios
cross join asked
where scenarios.order_count > 0;

create or replace temp table purchases as
select
    scenario_id,
    customer_id,
    min(ordered_date) as first_order_date,
    max(ordered_date) as last_order_date,
    sum(order_count) as order_count,
    sum(order_count) filter (age_days < 90) as order_count_90d,
    sum(order_count) filter (age_days < 365) as order_count_365d,
    sum(gross_revenue_amount) as gross_revenue_amount,
    sum(gross_revenue_amount) filter (age_days < 365) as gross_revenue_amount_365d,
    sum(refund_amount) as refund_amount,
    sum(refund_amount) filter (age_days < 365) as refund_amount_365d,
    sum(gross_revenue_amount - refund_amount) as net_revenue_amount,
    sum(gross_revenue_amount - refund_amount) filter (age_days < 90) as net_revenue_amount_90d,
    sum(gross_revenue_amount - refund_amount) filter (age_days < 365) as net_revenue_amount_365d,
    sum(gross_revenue_amount - refund_amount) filter (age_days between 365 and 729)
        as previous_net_revenue_amount_365d
from aged_movements
group by scenario_id, customer_id;

create or replace temp table gaps as
select
    scenario_id,
    max(previous_date) as previous_order_date,
    count(previous_date) as gap_count,
    quantile_cont(date_diff('day', previous_date, ordered_date), 0.5) as median_gap_days
from (
    select
        scenario_id,
        ordered_date,
        lag(ordered_date) over (partition by scenario_id order by ordered_date) as previous_date
    from (
        select distinct
            aged_movements.scenario_id,
            aged_movements.ordered_date
        from aged_movements
        inner join asked
            on aged_movements.customer_id = asked.customer_id
        where aged_movements.ordered_date is not null
    )
)
group by scenario_id;

create or replace temp table begun_contracts as
select
    scenarios.scenario_id,
    contracts.customer_id,
    contracts.annual_amount,
    contracts.is_trial,
    contracts.end_date,
    contracts.end_date is null or contracts.end_date >= scenarios.judged_date as is_in_force
from scenarios
inner join contracts
    on contracts.start_date <= scenarios.judged_date

union all

select
    scenarios.scenario_id,
    asked.customer_id,
    scenarios.contract_amount,
    false,
    null,
    true
from scenarios
cross join asked
where scenarios.contract_amount is not null;

create or replace temp table contract_totals as
select
    scenario_id,
    customer_id,
    count(*) filter (is_in_force and not is_trial) as contract_count,
    coalesce(sum(annual_amount) filter (is_in_force and not is_trial), 0)
        as annual_contract_amount,
    count(*) filter (is_in_force and is_trial) as trial_contract_count,
    case
        when count(*) filter (not is_trial and end_date is null) = 0
            then max(end_date) filter (not is_trial)
    end as last_end_date
from begun_contracts
group by scenario_id, customer_id;

-- Each member's own value; what is unknown counts as none, as in the models.
create or replace temp table member_values as
select
    *,
    case value_metric
        when 'net_revenue_amount' then net_revenue_amount
        when 'net_revenue_amount_90d' then net_revenue_amount_90d
        when 'net_revenue_amount_365d' then net_revenue_amount_365d
        when 'gross_revenue_amount' then gross_revenue_amount
        when 'gross_revenue_amount_365d' then gross_revenue_amount_365d
        when 'profit_amount' then profit_amount
        when 'profit_amount_365d' then profit_amount_365d
        when 'annual_contract_amount' then annual_contract_amount
    end as measured_amount
from (
    select
        scenarios.scenario_id,
        members.customer_id,
        members.is_asked,
        case
            when members.customer_type = 'consumer' then policy.consumer_value_metric
            else policy.value_metric
        end as value_metric,
        purchases.first_order_date,
        purchases.last_order_date,
        coalesce(purchases.order_count, 0) as order_count,
        coalesce(purchases.order_count_90d, 0) as order_count_90d,
        coalesce(purchases.order_count_365d, 0) as order_count_365d,
        coalesce(purchases.gross_revenue_amount, 0) as gross_revenue_amount,
        coalesce(purchases.gross_revenue_amount_365d, 0) as gross_revenue_amount_365d,
        coalesce(purchases.refund_amount, 0) as refund_amount,
        coalesce(purchases.refund_amount_365d, 0) as refund_amount_365d,
        coalesce(purchases.net_revenue_amount, 0) as net_revenue_amount,
        coalesce(purchases.net_revenue_amount_90d, 0) as net_revenue_amount_90d,
        coalesce(purchases.net_revenue_amount_365d, 0) as net_revenue_amount_365d,
        coalesce(purchases.previous_net_revenue_amount_365d, 0) as previous_net_revenue_amount_365d,
        if(members.has_contracts, coalesce(contract_totals.contract_count, 0), null)
            as contract_count,
        if(members.has_contracts, coalesce(contract_totals.annual_contract_amount, 0), null)
            as annual_contract_amount,
        if(members.has_contracts, coalesce(contract_totals.trial_contract_count, 0), null)
            as trial_contract_count,
        contract_totals.last_end_date,
        members.profit_amount + if(members.is_asked, scenarios.order_amount, 0) as profit_amount,
        if(members.is_asked, scenarios.order_amount, 0) + if(
            scenarios.judged_date = members.as_of_date,
            members.profit_amount_365d,
            profits.profit_amount_since
        ) as profit_amount_365d,
        scenarios.judged_date = members.as_of_date
        or members.profit_amount is null
        or profits.profit_amount_since is not null as is_profit_known
    from scenarios
    cross join members
    cross join int_policy__current as policy
    left join profits
        on members.customer_id = profits.customer_id
            and profits.from_date = scenarios.judged_date - 365
    left join purchases
        on scenarios.scenario_id = purchases.scenario_id
            and members.customer_id = purchases.customer_id
    left join contract_totals
        on scenarios.scenario_id = contract_totals.scenario_id
            and members.customer_id = contract_totals.customer_id
);

create or replace temp table group_values as
select
    scenario_id,
    sum(greatest(coalesce(measured_amount, 0), 0)) as value_amount,
    coalesce(sum(greatest(coalesce(measured_amount, 0), 0)) filter (not is_asked), 0)
        as others_value_amount,
    bool_and(is_profit_known) as are_profits_known
from member_values
group by scenario_id;

create or replace temp table login_totals as
select
    scenario_id,
    min(age_days) as days_since_last_login,
    count(*) filter (age_days < 30) as login_days_30d,
    count(*) filter (age_days between 30 and 59) as previous_login_days_30d
from (
    select
        scenarios.scenario_id,
        date_diff('day', login_days.login_date, scenarios.judged_date) as age_days
    from scenarios
    cross join login_days

    union

    select
        scenario_id,
        date_diff('day', changed_date, judged_date)
    from scenarios
    where has_login
)
group by scenario_id;

-- One row per scenario: the metrics that time and changes move.
create or replace temp table moved as
select
    own.scenario_id,
    group_values.are_profits_known,
    group_values.others_value_amount,
    own.measured_amount,
    date_diff('day', today.as_of_date, scenarios.judged_date) as later_days,
    date_diff('day', scenarios.changed_date, scenarios.judged_date) as changed_days,
    today.seen_days + later_days as days_since_first_seen,
    date_diff('day', own.first_order_date, scenarios.judged_date) as days_since_first_order,
    date_diff('day', own.last_order_date, scenarios.judged_date) as days_since_last_order,
    date_diff('day', gaps.previous_order_date, own.last_order_date)
        as days_between_last_two_orders,
    own.order_count,
    own.order_count_90d,
    own.order_count_365d,
    own.gross_revenue_amount,
    own.gross_revenue_amount_365d,
    own.refund_amount,
    own.refund_amount_365d,
    own.net_revenue_amount,
    own.net_revenue_amount_90d,
    own.net_revenue_amount_365d,
    own.previous_net_revenue_amount_365d,
    cast(own.gross_revenue_amount / nullif(own.order_count, 0) as decimal(18, 4))
        as average_order_amount,
    cast(own.refund_amount as double) / nullif(cast(own.gross_revenue_amount as double), 0)
        as refund_rate,
    if(
        own.previous_net_revenue_amount_365d > 0,
        cast(own.net_revenue_amount_365d as double)
        / cast(own.previous_net_revenue_amount_365d as double) - 1,
        null
    ) as net_revenue_growth_rate,
    own.profit_amount,
    own.profit_amount_365d,
    gaps.median_gap_days as median_interpurchase_days,
    if(gaps.gap_count >= 2, days_since_last_order / gaps.median_gap_days, null)
        as interpurchase_ratio,
    own.contract_count,
    own.annual_contract_amount,
    own.trial_contract_count,
    date_diff('day', scenarios.judged_date, own.last_end_date) as days_until_contract_end,
    if(own.contract_count > 0, 0, least(days_since_last_order, -days_until_contract_end))
        as days_since_last_purchase,
    today.login_count is not null or scenarios.has_login as is_user,
    if(is_user, login_totals.days_since_last_login, null) as days_since_last_login,
    if(is_user, coalesce(login_totals.login_days_30d, 0), null) as login_days_30d,
    if(is_user, coalesce(login_totals.previous_login_days_30d, 0), null)
        as previous_login_days_30d,
    cast(login_totals.login_days_30d as double)
    / nullif(login_totals.previous_login_days_30d, 0) - 1
        as login_days_change_rate,
    if(scenarios.is_complaint_closed, 0, today.open_complaint_count) as open_complaint_count,
    coalesce(scenarios.nps_score, today.nps_score) as nps_score,
    if(
        scenarios.nps_score is null, today.nps_days + later_days, changed_days
    ) as days_since_nps_response,
    if(
        scenarios.has_interaction or scenarios.has_login or scenarios.nps_score is not null,
        changed_days,
        today.interaction_days + later_days
    ) as days_since_last_interaction,
    least(days_since_last_purchase, days_since_last_interaction) as days_since_last_activity,
    greatest(coalesce(own.measured_amount, 0), 0) as own_value_amount,
    group_values.value_amount
from scenarios
cross join today
inner join member_values as own
    on scenarios.scenario_id = own.scenario_id
        and own.is_asked
inner join group_values
    on scenarios.scenario_id = group_values.scenario_id
left join gaps
    on scenarios.scenario_id = gaps.scenario_id
left join login_totals
    on scenarios.scenario_id = login_totals.scenario_id;

create or replace temp table rfm_values as
select
    moved.scenario_id,
    cut_points.*,
    case cut_points.metric
        when 'days_since_first_order' then moved.days_since_first_order
        when 'days_since_last_order' then moved.days_since_last_order
        when 'order_count' then moved.order_count
        when 'order_count_90d' then moved.order_count_90d
        when 'order_count_365d' then moved.order_count_365d
        when 'net_revenue_amount' then moved.net_revenue_amount
        when 'net_revenue_amount_90d' then moved.net_revenue_amount_90d
        when 'net_revenue_amount_365d' then moved.net_revenue_amount_365d
        when 'gross_revenue_amount' then moved.gross_revenue_amount
        when 'gross_revenue_amount_365d' then moved.gross_revenue_amount_365d
        when 'average_order_amount' then moved.average_order_amount
    end as rfm_value,
    list_count(
        list_filter(
            [cut_point_1, cut_point_2, cut_point_3, cut_point_4],
            lambda cut : cut < cast(rfm_value as double)
                or (cut = cast(rfm_value as double) and cut_points.rfm_method = 'bands')
        )
    ) as cut_count,
    case
        when cut_points.dimension = 'recency' then 5 - cut_count
        when policy.rfm_window_days <= moved.days_since_last_order then 1
        else 1 + cut_count
    end as score
from moved
cross join int_policy__current as policy
cross join cut_points
where moved.order_count > 0;

create or replace temp table rfm_scores as
select
    scenario_id,
    max(score) filter (dimension = 'recency') as recency_score,
    max(score) filter (dimension = 'frequency') as frequency_score,
    max(score) filter (dimension = 'monetary') as monetary_score,
    cast(sum(score * weight) / sum(weight) as double) as rfm_score
from rfm_values
group by scenario_id;

create or replace temp table projected as
select
    moved.* exclude (later_days, changed_days, is_user),
    rfm_scores.* exclude (scenario_id)
from moved
left join rfm_scores
    on moved.scenario_id = rfm_scores.scenario_id;

create or replace temp table moving as
select
    scenario_id,
    metric,
    metric_number
from (
    select
        scenario_id,
        cast(columns(* exclude (scenario_id)) as double)
    from projected
)
unpivot include nulls (metric_number for metric in (columns(* exclude (scenario_id))));

-- One row per scenario and condition that may decide it; a metric that nothing moves keeps the
-- value of table `held`.
create or replace temp table looked_up as
select
    *,
    coalesce(
        case operator
            when '<' then metric_number < threshold
            when '<=' then metric_number <= threshold
            when '>' then metric_number > threshold
            when '>=' then metric_number >= threshold
            when '=' then coalesce(metric_text = value, metric_number = threshold)
            when '!=' then coalesce(metric_text <> value, metric_number <> threshold)
            when 'in' then list_contains(string_split(value, '|'), metric_text)
            when 'is_null' then metric_text is null and metric_number is null
            when 'is_not_null' then metric_text is not null or metric_number is not null
        end,
        false
    ) as is_met
from (
    select
        scenarios.scenario_id,
        conditions.*,
        if(moving.metric is null, held.metric_number, moving.metric_number) as metric_number,
        held.metric_text
    from scenarios
    cross join today
    inner join int_rules__conditions as conditions
        on today.customer_type = conditions.customer_type
            and conditions.rule_set in ('lifecycle', 'tier')
    left join moving
        on scenarios.scenario_id = moving.scenario_id
            and conditions.metric = moving.metric
    left join held
        on conditions.metric = held.metric
);

-- The rule that decides each set in each scenario, and the first group of its conditions that
-- holds.
create or replace temp table decided as
select
    scenario_id,
    rule_set,
    arg_min(outcome_key, (rule_rank, condition_group)) as outcome_key,
    arg_min(rule_key, (rule_rank, condition_group)) as rule_key,
    arg_min(condition_group, (rule_rank, condition_group)) as condition_group
from (
    select
        scenario_id,
        rule_set,
        rule_rank,
        rule_key,
        outcome_key,
        condition_group
    from looked_up
    group by scenario_id, rule_set, rule_rank, rule_key, outcome_key, condition_group
    having bool_and(is_met)
)
group by scenario_id, rule_set;
