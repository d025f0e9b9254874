-- one row per customer
{% set fields = [
    'customer_name', 'email', 'phone', 'tax_id', 'member_id', 'address', 'city', 'province',
    'country', 'postcode', 'channel_type',
] %}
with identity_map as (
    select
        customer_id,
        {{ dbt.listagg('source_record_id', "', '", 'order by source_record_id') }}
            as source_record_ids
    from {{ ref('customer_identity_map') }}
    group by customer_id
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
        identity_map.customer_id,
        identity_map.source_record_ids,
        {% for field in fields -%}
        golden_fields.{{ field }}{{ ',' if not loop.last }}
        {% endfor %}
    from identity_map
    left join golden_fields
        on identity_map.customer_id = golden_fields.customer_id
)

select * from final
