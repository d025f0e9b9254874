-- one row: the customer codes of orders that meet no customer record
with records as (
    select customer_code from {{ ref('stg_erp__customers') }}
),

one_record as (
    select min(customer_code) as customer_code from records
),

order_codes as (
    select distinct customer_code
    from {{ ref('stg_erp__orders') }}
    where customer_code is not null
)

select
    'erp_orders' as source_table,
    'codes_without_record' as warning_key,
    sum(case when records.customer_code is null then 1 else 0 end) as affected_count,
    count(*) as compared_count,
    min(case when records.customer_code is null then order_codes.customer_code end) as example,
    max(one_record.customer_code) as counterexample
from order_codes
cross join one_record
left join records
    on order_codes.customer_code = records.customer_code
