select distinct customer_id from {{ ref('stg_erp__orders') }}
