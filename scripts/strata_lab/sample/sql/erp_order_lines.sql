-- erp_order_lines as exported
create table erp_order_lines as
with diced as (
    select
        *,
        draw(order_line_id, 'written') as dice,
        uniform(order_line_id, 'version') as version_draw,
    from order_lines
),

written as (
    select
        lines.order_line_id,
        lines.order_id,
        spaced(lines.product_code, roll(lines.dice, 0)) as product_code,
        if(roll(lines.dice, 1) < 0.05, concat(lines.quantity, '.00'),
            cast(lines.quantity as varchar)) as quantity,
        money_as_written(lines.unit_price, roll(lines.dice, 2)) as unit_price,
        case
            when lines.discount > 0 then money(lines.discount)
            else one_of(roll(lines.dice, 3), ['0', '0.00', null])
        end as discount_amount,
        plain_time(good_orders.updated_moment) as updated_at,
        plain_time(good_orders.moment + interval 1 second) as first_updated_at,
        lines.quantity as true_quantity,
        lines.version_draw,
    from diced as lines
    join good_orders using (order_no)
),

fault_kinds as (
    select [
        'missing_key', 'unreadable_amount', 'thousands_separator', 'negative_quantity',
        'unknown_order'
    ] as kinds
),

chosen as (
    select
        *,
        row_number() over (order by draw(order_line_id, 'fault'), order_line_id) as fault_no,
    from written
    where version_draw >= 0.02
    order by fault_no
    limit (select 5 * greatest(3, count(*) * 4 // 10000) from written)
),

faults as (
    select
        chosen.*,
        fault_kinds.kinds[1 + fault_no % len(fault_kinds.kinds)] as fault,
        concat(order_id, '-9', lpad(cast(fault_no as varchar), 6, '0')) as fault_id,
    from chosen
    cross join fault_kinds
)

select
    order_line_id, order_id, product_code, quantity, unit_price, discount_amount, updated_at,
    cast(null as varchar) as expected_status,
    cast(null as varchar) as expected_reason,
from written
union all
select
    order_line_id, order_id, product_code, quantity, unit_price, discount_amount, updated_at,
    'older_version', null,
from written
where version_draw < 0.005
union all
-- The line before the customer changed the quantity.
select
    order_line_id, order_id, product_code, cast(true_quantity + 1 as varchar), unit_price,
    discount_amount, first_updated_at, 'older_version', null,
from written
where version_draw >= 0.005 and version_draw < 0.02
union all
select
    if(fault = 'missing_key', null, fault_id),
    if(fault = 'unknown_order', concat('SO8', lpad(cast(fault_no as varchar), 8, '0')), order_id),
    product_code,
    if(fault = 'negative_quantity', concat('-', true_quantity), quantity),
    case fault
        when 'unreadable_amount' then choose(fault_id, 'bad amount', ['abc', 'n/a', '12.3.4'])
        when 'thousands_separator' then '1,234.50'
        else unit_price
    end,
    discount_amount,
    updated_at,
    'rejected',
    fault,
from faults;

-- The largest tables, read by nothing after this.
drop table order_lines;
drop table good_orders;
