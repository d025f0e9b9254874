-- one row per source record and field of the golden record that it has a value for
with records as (
    select * from {{ ref('int_identity__records') }}
),

normalised as (
    select * from {{ ref('int_identity__normalised') }}
),

-- Nobody is reached at what was typed in place of an address.
placeholders as (
    select
        identifier_type,
        identifier_value
    from {{ ref('int_contact_points__listed') }}
    where is_placeholder
    group by identifier_type, identifier_value
),

{% set contact_fields = ['email', 'phone', 'wechat_id'] %}
{% set trusted_if_normalised = contact_fields + ['tax_id', 'member_id', 'national_id'] %}
final as (
    {% for field, comparable in golden_fields().items() -%}
    select
        records.record_key,
        '{{ field }}' as field,
        cast(records.{{ field }} as varchar) as field_value,
        {% if field in trusted_if_normalised -%}
        cast(normalised.{{ comparable }} as varchar) as comparable_value,
        normalised.{{ comparable }} is not null as is_trusted,
        {%- else -%}
        coalesce(
            {% if comparable %}cast(normalised.{{ comparable }} as varchar),{% endif %}
            lower(regexp_replace(cast(records.{{ field }} as varchar), '[\s.,·、()-]+', '', 'g'))
        ) as comparable_value,
        true as is_trusted,
        {%- endif %}
        records.source_system || ':' || records.source_table as source,
        records.updated_at
    from records
    {% if comparable -%}
    left join normalised
        on records.record_key = normalised.record_key
    {% endif -%}
    {% if field in contact_fields -%}
    left join placeholders
        on records.{{ field }} = placeholders.identifier_value
            and placeholders.identifier_type = '{{ field }}'
    {% endif -%}
    where records.{{ field }} is not null
        {% if field in contact_fields -%}
        and placeholders.identifier_value is null
        {% endif -%}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
