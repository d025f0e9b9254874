-- erp_orders as exported: good rows, repeated and older versions, faults
create table good_orders as
select
    orders.*,
    order_values.amount,
    records.customer_code,
    organisations.industry,
    draw(orders.order_no, 'written') as dice,
    draw(orders.order_no, 'words') as words,
    uniform(orders.order_no, 'version') as version_draw,
    greatest(
        orders.moment + interval 5 second,
        least(
            orders.moment + to_seconds(if(
                roll(dice, 0) < 0.01,
                20 * 86400 + below(roll(words, 3), 40 * 86400),
                300 + below(roll(words, 3), 2 * 86400)
            )),
            cast(getvariable('last_date') as timestamp) + interval 86399 second
        )
    ) as updated_moment,
from orders
join order_values using (order_no)
left join records using (entity_no, record_seq)
left join organisations using (entity_no)
order by orders.order_no;

create table erp_orders as
with written as (
    select
        order_no,
        version_draw,
        moment,
        amount,
        order_id,
        spaced(customer_code, roll(dice, 0)) as customer_code,
        time_as_written(moment, roll(dice, 1)) as ordered_at,
        if(line_count > 0 and roll(dice, 2) < 0.03, null, money_as_written(amount, roll(dice, 3)))
            as order_total_amount,
        currency_as_written(currency, roll(words, 0)) as currency,
        one_of(roll(words, 1), case status
            when 'completed' then ['completed', 'completed', 'completed', 'Completed', '已完成', null]
            when 'cancelled' then ['CANCELLED', 'cancelled', '已取消']
            when 'test' then ['test', '测试']
            else ['pending', '待处理']
        end) as status,
        one_of(roll(words, 2), case
            when industry = 'hospital' then ['sales team', 'tender', 'tender', 'web shop']
            when customer_type = 'business' then ['sales team', 'sales team', 'phone', 'web shop']
            when country = 'CN' then ['tmall', 'tmall', 'jd', 'wechat shop', 'web shop']
            else ['web shop', 'web shop', 'amazon', 'phone']
        end) as channel,
        case
            when not is_promoted then null
            when customer_type = 'business' then 'VOLUME10'
            when country = 'CN' and month(moment) = 11 and day(moment) <= 12 then 'DOUBLE11'
            when country = 'CN' and month(moment) = 6 and day(moment) <= 19 then 'JUNE618'
            when country != 'CN' and month(moment) = 11 and day(moment) > 20 then 'BLACKFRIDAY'
            else one_of(roll(words, 3), ['WELCOME10', 'LOYAL10', 'SPRING10'])
        end as promotion_code,
        plain_time(updated_moment) as updated_at,
    from good_orders
),

fault_kinds as (
    select [
        'missing_key', 'unreadable_date', 'ambiguous_date', 'future_date', 'unreadable_amount',
        'thousands_separator', 'negative_amount', 'unknown_currency', 'unknown_status',
        'conflicting_duplicate'
    ] as kinds
),

-- Copies of good rows; each kind about 0.02 % of the table, three at least.
chosen as (
    select
        *,
        row_number() over (order by draw(order_id, 'fault'), order_id) as fault_no,
    from written
    where version_draw >= 0.02
    order by fault_no
    limit (select 10 * greatest(3, count(*) * 2 // 10000) from written)
),

faults as (
    select
        chosen.*,
        fault_kinds.kinds[1 + fault_no % len(fault_kinds.kinds)] as fault,
        concat('SO9', lpad(cast(fault_no as varchar), 8, '0')) as fault_id,
    from chosen
    cross join fault_kinds
)

select
    order_id, customer_code, ordered_at, order_total_amount, currency, status, channel,
    promotion_code, updated_at,
    cast(null as varchar) as expected_status,
    cast(null as varchar) as expected_reason,
from written
union all
select
    order_id, customer_code, ordered_at, order_total_amount, currency, status, channel,
    promotion_code, updated_at, 'older_version', null,
from written
where version_draw < 0.005
union all
-- The order as it was first written: still open, at another price.
select
    order_id, customer_code, ordered_at, money(amount + 100), currency, 'pending', channel,
    null, plain_time(moment + interval 1 second), 'older_version', null,
from written
where version_draw >= 0.005 and version_draw < 0.02
union all
select
    case fault
        when 'missing_key' then null
        when 'conflicting_duplicate' then order_id
        else fault_id
    end,
    customer_code,
    case fault
        when 'unreadable_date'
            then choose(fault_id, 'bad date', ['2025-13-45', 'yesterday', '2025年'])
        when 'ambiguous_date' then strftime(moment, '%d/%m/%Y')
        when 'future_date' then concat('2099', substr(plain_time(moment), 5))
        else ordered_at
    end,
    case fault
        when 'unreadable_amount' then choose(fault_id, 'bad amount', ['abc', '12,5x', '--'])
        when 'thousands_separator'
            then concat('1,', lpad(cast(amount % 1000 as varchar), 3, '0'), '.50')
        when 'negative_amount' then concat('-', money(amount))
        when 'conflicting_duplicate' then order_total_amount
        else money(amount)
    end,
    if(fault = 'unknown_currency', 'XXX', currency),
    if(fault = 'unknown_status', 'shipped?', status),
    if(fault = 'conflicting_duplicate', 'returns desk', channel),
    promotion_code,
    updated_at,
    'rejected',
    fault,
from faults;
