{{ config(materialized='incremental', meta={'published': 'private', 'state': true}) }}
select customer_id, cast('{{ env_var("STRATA_BUILD_ID", invocation_id) }}' as varchar) as first_build_id
from {{ ref('customers') }}
{% if is_incremental() %}
where customer_id not in (select known.customer_id from {{ this }} as known)
{% endif %}
