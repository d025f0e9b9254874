-- one row per source record that stands for a customer
{% set checked_types = checked_identifiers() %}
{% set name_columns = ['given_name', 'surname', 'organisation_name', 'organisation_core'] %}
with records as (
    select * from {{ ref('int_identity__comparable') }}
),

unusable_values as (
    select * from {{ ref('int_identity__unusable_values') }}
),

final as (
    select
        records.record_key,
        records.customer_type,
        {% for column in [
            'name_key', 'organisation_name', 'organisation_core', 'given_name', 'surname',
            'is_common_given_name', 'generation', 'birth_date', 'national_id', 'tax_id', 'member_id',
            'email', 'email_local', 'phone', 'wechat_id', 'company_domain', 'street',
            'house_number', 'address', 'postcode', 'city',
        ] -%}
        {#- The parts of a name that is none are none either. -#}
        {% set judge = 'name_key' if column in name_columns else column -%}
        {% if judge in checked_types -%}
        case when unusable_{{ judge }}.identifier_value is null then records.{{ column }} end
            as {{ column }}
        {%- else -%}
        records.{{ column }}
        {%- endif %}{{ ',' if not loop.last }}
        {% endfor %}
    from records
    {% for identifier_type in checked_types -%}
    left join unusable_values as unusable_{{ identifier_type }}
        on records.{{ identifier_type }} = unusable_{{ identifier_type }}.identifier_value
            and records.customer_type = unusable_{{ identifier_type }}.customer_type
            and unusable_{{ identifier_type }}.identifier_type = '{{ identifier_type }}'
    {% endfor %}
)

select * from final
