-- one row per contract term; days may lie after the end, amounts are CNY a year
create table contracts as
with terms as (
    select
        *,
        unnest(range(term_count)) as term_no,
        start_day + 365 * term_no as term_start_day,
        if(term_no = term_count - 1, end_day, term_start_day + 364) as term_end_day,
        subscription = 'cancelled' and term_no = term_count - 1 as is_cancelled,
        -- Growing companies began on a smaller plan.
        case
            when pattern = 'growing' and term_no = 0 and term_count > 1 and plan = 'enterprise'
                then 'professional'
            when pattern = 'growing' and term_no = 0 and term_count > 1 then 'basic'
            else plan
        end as term_plan,
    from organisations
    where subscription != 'none'
    union all
    select
        *, -1, start_day - 30, start_day - 1, false, 'trial'
    from organisations
    where has_tried
)

select
    key_of('BC', row_number() over (order by term_start_day, entity_no)) as contract_id,
    entity_no,
    country,
    currency,
    term_no,
    term_plan,
    term_start_day,
    term_end_day,
    is_cancelled,
    pow(1.05, term_no) * case term_plan
        when 'trial' then 0
        when 'basic'
            then 16000 * exp(0.3 * bell(draw(entity_no, 'basic')))
                + 420 * least(employee_count, 90)
        when 'professional'
            then 58000 * exp(0.35 * bell(draw(entity_no, 'professional')))
                + 460 * least(employee_count, 400)
        else least(
            1400000,
            190000 * exp(0.35 * bell(draw(entity_no, 'enterprise'))) + 480 * employee_count
        )
    end as annual_amount,
from terms
order by contract_id;

create table billing_contracts as
select
    contract_id,
    -- Billing knows a customer by the code of the order system, the CRM's number, or both.
    if(uniform(entity_no, 'billed by') < 0.12 and customer_code is not null, null, account_id)
        as account_id,
    if(uniform(entity_no, 'billed by') > 0.75 and account_id is not null, null, customer_code)
        as customer_code,
    said(term_plan, case term_plan
        when 'trial' then '试用版' when 'basic' then '基础版' when 'professional' then '专业版'
        else '企业版' end, if(contracts.country = 'CN', uniform(contract_id, 'plan'), 1)) as plan,
    rounded(annual_amount / cny_per_unit(contracts.currency), if(annual_amount > 100000, 1000, 100))
        as annual_amount,
    currency_as_written(contracts.currency, uniform(contract_id, 'currency')) as currency,
    cast(date_of(term_start_day) as varchar) as start_date,
    cast(date_of(term_end_day) as varchar) as end_date,
    case
        when is_cancelled then choose(contract_id, 'cancelled', ['cancelled', 'canceled', '已取消'])
        when term_end_day <= 1095 then choose(contract_id, 'expired', ['expired', 'expired', '已到期'])
        else choose(contract_id, 'active', ['active', 'active', 'Active', '生效', null])
    end as status,
    plain_time(not_after_end(
        cast(date_of(least(term_start_day, 1094)) as timestamp)
        + to_hours(9 + pick(contract_id, 'hour', 8)) + to_seconds(pick(contract_id, 'second', 3600))
    )) as updated_at,
from contracts
left join accounts using (entity_no)
left join records on records.entity_no = contracts.entity_no and records.record_seq = 1
where coalesce(account_seq, 1) = 1;
