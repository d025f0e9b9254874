-- Fails if an id that a present record once had is neither in use nor leads to one that is, or if an
-- id in use counts as retired.
with ids_of_present_records as (
    select registry.customer_id
    from {{ ref('customer_id_registry') }} as registry
    inner join {{ ref('customer_identity_map') }} as identity_map
        on registry.record_key = identity_map.record_key
    group by registry.customer_id
)

select ids_of_present_records.customer_id
from ids_of_present_records
left join {{ ref('customers') }} as customers
    on ids_of_present_records.customer_id = customers.customer_id
left join {{ ref('customer_id_aliases') }} as aliases
    on ids_of_present_records.customer_id = aliases.customer_id
left join {{ ref('customers') }} as destinations
    on aliases.current_customer_id = destinations.customer_id
where (customers.customer_id is null) = (destinations.customer_id is null)
