-- erp_refunds as exported
create table erp_refunds as
with written as (
    select
        refunds.refund_id,
        if(refunds.linked_by = 'customer', null, refunds.order_id) as order_id,
        if(refunds.linked_by = 'order', null, records.customer_code) as customer_code,
        time_as_written(refunds.moment, uniform(refunds.refund_id, 'time')) as refunded_at,
        money_as_written(refunds.amount, uniform(refunds.refund_id, 'money')) as amount,
        currency_as_written(refunds.currency, uniform(refunds.refund_id, 'currency')) as currency,
        choose(refunds.refund_id, 'reason', [
            'damaged in transit', 'wrong item', 'changed mind', '质量问题', '七天无理由退货', null
        ]) as reason,
        plain_time(refunds.moment + to_seconds(60 + pick(refunds.refund_id, 'written', 10000)))
            as updated_at,
        plain_time(refunds.moment + interval 1 second) as first_updated_at,
        refunds.amount as true_amount,
        refunds.moment,
        uniform(refunds.refund_id, 'version') as version_draw,
    from refunds
    left join records using (entity_no, record_seq)
),

fault_kinds as (
    select [
        'missing_key', 'unreadable_date', 'ambiguous_date', 'future_date', 'unreadable_amount',
        'thousands_separator', 'negative_amount', 'unknown_currency', 'conflicting_duplicate'
    ] as kinds
),

chosen as (
    select
        *,
        row_number() over (order by draw(refund_id, 'fault'), refund_id) as fault_no,
    from written
    where version_draw >= 0.02
    order by fault_no
    limit (select 9 * greatest(3, count(*) * 2 // 10000) from written)
),

faults as (
    select
        chosen.*,
        fault_kinds.kinds[1 + fault_no % len(fault_kinds.kinds)] as fault,
        concat('RF9', lpad(cast(fault_no as varchar), 7, '0')) as fault_id,
    from chosen
    cross join fault_kinds
)

select
    refund_id, order_id, customer_code, refunded_at, amount, currency, reason, updated_at,
    cast(null as varchar) as expected_status,
    cast(null as varchar) as expected_reason,
from written
union all
select
    refund_id, order_id, customer_code, refunded_at, amount, currency, reason, updated_at,
    'older_version', null,
from written
where version_draw < 0.005
union all
-- The refund as first asked for, before it was agreed.
select
    refund_id, order_id, customer_code, refunded_at, money(true_amount + 100), currency, reason,
    first_updated_at, 'older_version', null,
from written
where version_draw >= 0.005 and version_draw < 0.02
union all
select
    case fault
        when 'missing_key' then null
        when 'conflicting_duplicate' then refund_id
        else fault_id
    end,
    order_id,
    customer_code,
    case fault
        when 'unreadable_date' then choose(fault_id, 'bad date', ['2025-02-30', 'soon', '2025年'])
        when 'ambiguous_date' then strftime(moment, '%d/%m/%Y')
        when 'future_date' then concat('2099', substr(plain_time(moment), 5))
        else refunded_at
    end,
    case fault
        when 'unreadable_amount' then 'abc'
        when 'thousands_separator' then '1,234.50'
        when 'negative_amount' then concat('-', money(true_amount))
        else amount
    end,
    if(fault = 'unknown_currency', 'XXX', currency),
    if(fault = 'conflicting_duplicate', 'entered twice', reason),
    updated_at,
    'rejected',
    fault,
from faults;
