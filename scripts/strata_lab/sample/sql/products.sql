-- one row per product; prices and cost in cents, each price rounded as on a price tag
create table products as
with priced as (
    select
        *,
        case when list_price < 1000 then round(list_price) * 100 - 10
            else round(list_price, -1) * 100 end as price_cny,
        0.45 + 0.30 * uniform(product_no, 'cost') as cost_rate,
        choose(
            product_no, 'cost currency',
            ['CNY', 'CNY', 'CNY', 'CNY', 'CNY', 'CNY', 'CNY', 'USD', 'EUR']
        ) as cost_currency,
    from goods_pool
)

select
    product_no,
    concat('P', 1000 + product_no) as product_code,
    product_name,
    category,
    buyers,
    cast(price_cny as bigint) as price_cny,
    cast(round(price_cny / 7.1 / 10) * 10 - 1 as bigint) as price_usd,
    cast(round(price_cny / 7.8 / 10) * 10 - 1 as bigint) as price_eur,
    cost_currency,
    cast(round(
        price_cny * cost_rate
        / case cost_currency when 'USD' then 7.1 when 'EUR' then 7.8 else 1 end
    ) as bigint) as unit_cost,
from priced
order by product_no;

-- one row per customer type and product it may buy, ranked by price
create table product_ranks as
select
    customer_type,
    product_no,
    price_cny,
    row_number() over (partition by customer_type order by price_cny, product_no) as price_rank,
from products
cross join (values ('business'), ('consumer')) as types (customer_type)
where buyers in (customer_type, 'both');

-- one row per customer type and price step (a twelfth root of two): how many products cost no more
create table price_steps as
select
    ranks.customer_type,
    steps.step,
    greatest(1, count(*) filter (ranks.price_cny <= pow(2, steps.step / 12.0))) as affordable_count,
from product_ranks as ranks
cross join range(60, 420) as steps (step)
group by all;
