-- one row per refund of a completed order; amount in cents of the order's currency
create table refunds as
with returned as (
    select
        orders.*,
        order_values.amount as order_amount,
        orders.moment + to_seconds(86400 + pick(orders.order_no, 'refund day', 25 * 86400))
            as refund_moment,
    from orders
    join order_values using (order_no)
    where orders.status = 'completed'
        and uniform(orders.order_no, 'refund') < 0.04
)

select
    row_number() over (order by refund_moment, order_no) as refund_no,
    concat('RF', lpad(cast(refund_no as varchar), 8, '0')) as refund_id,
    order_no,
    order_id,
    entity_no,
    record_seq,
    currency,
    refund_moment as moment,
    if(
        uniform(order_no, 'whole refund') < 0.4,
        order_amount,
        greatest(1, order_amount * (20 + pick(order_no, 'part refund', 60)) // 100)
    ) as amount,
    case
        when entity_no is null or uniform(order_no, 'refund link') < 0.15 then 'order'
        when uniform(order_no, 'refund link') < 0.25 then 'customer'
        else 'both'
    end as linked_by,
from returned
-- Some refunds of the last weeks are still to come.
where refund_moment < cast(getvariable('last_date') as timestamp) + interval 20 hour
order by refund_no;
