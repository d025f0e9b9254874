-- one row per customer and field that any of its records has a value for
{% set fields = [
    'customer_name', 'email', 'phone', 'wechat_id', 'tax_id', 'member_id', 'address', 'city',
    'province', 'country', 'postcode', 'channel_type',
] %}
with records as (
    select * from {{ ref('int_identity__records') }}
),

identity_map as (
    select
        record_key,
        customer_id
    from {{ ref('customer_identity_map') }}
),

field_values as (
    {% for field in fields -%}
    select
        record_key,
        '{{ field }}' as field,
        {{ field }} as field_value,
        updated_at
    from records
    where {{ field }} is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- The most recently updated record that has the field wins it.
ranked as (
    select
        identity_map.customer_id,
        field_values.field,
        field_values.field_value,
        field_values.record_key,
        row_number() over (
            partition by identity_map.customer_id, field_values.field
            order by field_values.updated_at desc nulls last, field_values.record_key
        ) as field_rank
    from field_values
    inner join identity_map
        on field_values.record_key = identity_map.record_key
),

final as (
    select
        customer_id,
        field,
        field_value,
        record_key
    from ranked
    where field_rank = 1
)

select * from final
