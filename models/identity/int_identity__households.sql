-- one row
{% set addresses_looked_at = 5000 %}
with unusable_values as (
    select *
    from {{ ref('int_identity__unusable_values') }}
    where customer_type = 'consumer'
),

-- The consumers of int_identity__normalised, which is built at the same time.
records as (
    select comparable.*
    from {{ ref('int_identity__comparable') }} as comparable
    left join unusable_values as unusable_names
        on comparable.name_key = unusable_names.identifier_value
            and unusable_names.identifier_type = 'name_key'
    left join unusable_values as unusable_addresses
        on comparable.address = unusable_addresses.identifier_value
            and unusable_addresses.identifier_type = 'address'
    where comparable.customer_type = 'consumer'
        and comparable.address is not null
        and comparable.given_name is not null
        and comparable.birth_date is not null
        and unusable_names.identifier_value is null
        and unusable_addresses.identifier_value is null
),

shared_addresses as (
    select
        address,
        postcode
    from records
    group by address, postcode
    having count(*) between 2 and 20
    order by address, postcode
    limit {{ addresses_looked_at }}
),

residents as (
    select records.*
    from records
    inner join shared_addresses
        on records.address = shared_addresses.address
            and records.postcode is not distinct from shared_addresses.postcode
),

-- Other given name and other date of birth: two people beyond doubt.
households as (
    select
        one.address,
        one.postcode
    from residents as one
    inner join residents as other
        on one.address = other.address
            and one.postcode is not distinct from other.postcode
            and one.record_key < other.record_key
    where {{ are_other_names('one', 'other') }}
        and not {{ birth_dates_alike('one', 'other') }}
    group by one.address, one.postcode
),

final as (
    select
        count(*) as shared_address_count,
        count(households.address) as household_count,
        count(*) < 100 or count(households.address) * 100 >= count(*) as has_households
    from shared_addresses
    left join households
        on shared_addresses.address = households.address
            and shared_addresses.postcode is not distinct from households.postcode
)

select * from final
