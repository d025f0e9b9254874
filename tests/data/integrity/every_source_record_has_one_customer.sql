-- Fails if a customer number of a customer record, an order or a refund stands not exactly once in
-- the identity map, if the map holds another record, or if a customer's records are miscounted.
with customer_codes as (
    select customer_code from {{ ref('stg_erp__customers') }}
    union
    select customer_code from {{ ref('stg_erp__orders') }} where customer_code is not null
    union
    select customer_code from {{ ref('stg_erp__refunds') }} where customer_code is not null
),

mapped as (
    select
        source_record_id,
        count(*) as row_count
    from {{ ref('customer_identity_map') }}
    group by source_record_id
),

records_of_customers as (
    select
        customer_id,
        count(*) as record_count
    from {{ ref('customer_identity_map') }}
    group by customer_id
)

select
    'record' as kind,
    coalesce(customer_codes.customer_code, mapped.source_record_id) as failing_key
from customer_codes
full outer join mapped
    on customer_codes.customer_code = mapped.source_record_id
where customer_codes.customer_code is null
    or mapped.row_count is distinct from 1

union all

select
    'customer' as kind,
    coalesce(customers.customer_id, records_of_customers.customer_id) as failing_key
from {{ ref('customers') }} as customers
full outer join records_of_customers
    on customers.customer_id = records_of_customers.customer_id
where customers.source_record_count is distinct from records_of_customers.record_count
