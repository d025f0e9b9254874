select customer_id, 'Name of ' || customer_id as customer_name from {{ ref('customers') }}
