-- erp_products as exported; a few products with the version before the last cost change
create table erp_products as
with written as (
    select
        product_code,
        product_name,
        category,
        unit_cost as true_cost,
        money_as_written(unit_cost, uniform(product_code, 'money')) as unit_cost,
        currency_as_written(cost_currency, uniform(product_code, 'currency')) as currency,
        cast(getvariable('first_date') as timestamp)
            + to_seconds(pick(product_code, 'written', 900 * 86400)) as updated_moment,
        uniform(product_code, 'version') as version_draw,
    from products
)

select
    product_code, product_name, category, unit_cost, currency,
    plain_time(updated_moment) as updated_at,
    cast(null as varchar) as expected_status,
    cast(null as varchar) as expected_reason,
from written
union all
select
    product_code, product_name, category, money(true_cost * 95 // 100), currency,
    plain_time(updated_moment - interval 90 day), 'older_version', null,
from written
where version_draw < 0.04;
