-- one row per customer
with customers as (
    select
        customer_id,
        customer_type
    from {{ ref('int_customers__recorded') }}
),

survivorship as (
    select
        field,
        customer_type
    from {{ ref('survivorship') }}
),

expected_fields as (
    select
        customer_types.customer_type,
        count(*) as field_count
    from (select customer_type from customers group by customer_type) as customer_types
    inner join survivorship
        on survivorship.customer_type in ('any', customer_types.customer_type)
    group by customer_types.customer_type
),

known_fields as (
    select
        golden_fields.customer_id,
        sum(
            case when survivorship.customer_type in ('any', customers.customer_type) then 1 else 0 end
        ) as field_count,
        sum(case when golden_fields.has_conflict then 1 else 0 end) as conflicting_field_count
    from {{ ref('int_customers__golden_fields') }} as golden_fields
    inner join survivorship
        on golden_fields.field = survivorship.field
    inner join customers
        on golden_fields.customer_id = customers.customer_id
    group by golden_fields.customer_id
),

final as (
    select
        customers.customer_id,
        cast(coalesce(known_fields.field_count, 0) as double) / expected_fields.field_count
            as field_completeness_rate,
        cast(coalesce(known_fields.conflicting_field_count, 0) as bigint) as conflicting_field_count
    from customers
    inner join expected_fields
        on customers.customer_type = expected_fields.customer_type
    left join known_fields
        on customers.customer_id = known_fields.customer_id
)

select * from final
