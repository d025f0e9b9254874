-- Fails if a record that must be a customer (a customer number, an account, a contact without one)
-- stands not exactly once in the identity map, if the map holds a record twice or one that no system
-- has, or if a customer's records are miscounted.
with records as (
    select
        'erp:' || customer_code as record_key,
        true as is_needed
    from {{ ref('stg_erp__customers') }}

    union

    select
        'erp:' || customer_code as record_key,
        true as is_needed
    from {{ ref('stg_erp__orders') }}
    where customer_code is not null

    union

    select
        'erp:' || customer_code as record_key,
        true as is_needed
    from {{ ref('stg_erp__refunds') }}
    where customer_code is not null

    union

    select
        'crm:accounts:' || account_id as record_key,
        true as is_needed
    from {{ ref('stg_crm__accounts') }}

    union

    select
        'crm:contacts:' || contact_id as record_key,
        true as is_needed
    from {{ ref('stg_crm__contacts') }}
    where account_id is null

    union

    -- A user or a subscriber who speaks for an organisation is no customer.
    select
        'product:users:' || user_id as record_key,
        false as is_needed
    from {{ ref('stg_product__users') }}
    where account_id is null

    union

    select
        'marketing:subscribers:' || subscriber_id as record_key,
        false as is_needed
    from {{ ref('stg_marketing__subscribers') }}
),

mapped as (
    select
        record_key,
        count(*) as row_count
    from {{ ref('customer_identity_map') }}
    group by record_key
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
    coalesce(records.record_key, mapped.record_key) as failing_key
from records
full outer join mapped
    on records.record_key = mapped.record_key
where records.record_key is null
    or mapped.row_count > 1
    or (records.is_needed and mapped.record_key is null)

union all

select
    'customer' as kind,
    coalesce(customers.customer_id, records_of_customers.customer_id) as failing_key
from {{ ref('customers') }} as customers
full outer join records_of_customers
    on customers.customer_id = records_of_customers.customer_id
where customers.source_record_count is distinct from records_of_customers.record_count
