-- one row per customer
{% set fields = golden_fields().keys() | list %}
with identity_map as (
    select
        customer_id,
        source_record_id
    from {{ ref('customer_identity_map') }}
),

record_counts as (
    select
        customer_id,
        count(*) as record_count,
        min(source_record_id) as first_record_id
    from identity_map
    group by customer_id
),

-- Few customers have several records, and lists are slow to make.
record_lists as (
    select
        identity_map.customer_id,
        {{ dbt.listagg(
            'identity_map.source_record_id', "', '", 'order by identity_map.source_record_id'
        ) }} as source_record_ids
    from identity_map
    inner join record_counts
        on identity_map.customer_id = record_counts.customer_id
    where record_counts.record_count > 1
    group by identity_map.customer_id
),

golden_fields as (
    select
        customer_id,
        {% for field in fields -%}
        max(case when field = '{{ field }}' then field_value end) as {{ field }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_customers__golden_fields') }}
    group by customer_id
),

final as (
    select
        record_counts.customer_id,
        coalesce(record_lists.source_record_ids, record_counts.first_record_id)
            as source_record_ids,
        {% for field in fields -%}
        golden_fields.{{ field }}{{ ',' if not loop.last }}
        {% endfor %}
    from record_counts
    left join record_lists
        on record_counts.customer_id = record_lists.customer_id
    left join golden_fields
        on record_counts.customer_id = golden_fields.customer_id
)

select * from final
