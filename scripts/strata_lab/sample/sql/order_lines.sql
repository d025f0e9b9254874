-- one row per order line; prices in cents of the order's currency
create table order_lines as
with repeated as (
    select
        order_no,
        order_id,
        customer_type,
        currency,
        moment,
        is_promoted,
        basket / line_count as even_share,
        unnest(range(1, line_count + 1)) as line_no,
    from orders
    where line_count > 0
),

shared as (
    select
        *,
        draw(concat(order_no, '-', line_no), 'line') as dice,
        even_share * (0.6 + 0.8 * roll(dice, 0)) as share,
        cast(floor(12 * log2(share)) as bigint) as step,
    from repeated
),

-- Customers lean towards the dearest goods that their basket allows.
chosen as (
    select
        shared.*,
        cast(ceil(price_steps.affordable_count
            * pow(1 - roll(shared.dice, 1), 0.3)) as bigint) as price_rank,
    from shared
    join price_steps using (customer_type, step)
),

priced as (
    select
        chosen.*,
        products.product_no,
        products.product_code,
        least(
            greatest(1, cast(round(chosen.share / products.price_cny) as bigint)),
            if(chosen.customer_type = 'business', 2000, 3)
        ) as quantity,
        -- Businesses negotiate up to twelve per cent off the list.
        cast(round(
            case chosen.currency
                when 'CNY' then products.price_cny
                when 'USD' then products.price_usd
                else products.price_eur
            end
            * if(chosen.customer_type = 'business', 1 - below(roll(chosen.dice, 2), 13) / 100.0, 1)
        ) as bigint) as unit_price,
    from chosen
    join product_ranks
        on product_ranks.customer_type = chosen.customer_type
        and product_ranks.price_rank = chosen.price_rank
    join products using (product_no)
)

select
    order_no,
    order_id,
    concat(order_id, '-', line_no) as order_line_id,
    line_no,
    product_code,
    moment,
    quantity,
    unit_price,
    if(is_promoted, quantity * unit_price // 10, 0) as discount,
from priced
order by order_no, line_no;

-- one row per order: its true value in cents of its currency
create table order_values as
with line_sums as (
    select
        order_no,
        cast(sum(quantity * unit_price - discount) as bigint) as amount,
    from order_lines
    group by order_no
)

select
    orders.order_no,
    coalesce(
        line_sums.amount,
        cast(round(
            orders.basket / case orders.currency when 'USD' then 7.1 when 'EUR' then 7.8 else 1 end
        ) as bigint)
    ) as amount,
from orders
left join line_sums using (order_no)
order by orders.order_no;
