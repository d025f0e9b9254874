-- one row per contact of the CRM
with contacts as (
    select * from {{ ref('stg_crm__contacts') }}
),

ties as (
    select
        contact_id,
        customer_id
    from {{ ref('int_contacts__attributed') }}
),

placeholders as (
    select
        source_record_id as contact_id,
        identifier_type
    from {{ ref('int_contact_points__listed') }}
    where source_table = 'crm_contacts' and is_placeholder
),

final as (
    select
        contacts.contact_id,
        ties.customer_id,
        contacts.account_id,
        contacts.full_name,
        {% for field in ['email', 'phone', 'wechat_id'] -%}
        case when {{ field }}_placeholders.contact_id is null then contacts.{{ field }} end as {{ field }},
        {% endfor -%}
        contacts.decision_role,
        contacts.occupation,
        contacts.city,
        contacts.created_date
    from contacts
    left join ties
        on contacts.contact_id = ties.contact_id
    {% for field in ['email', 'phone', 'wechat_id'] -%}
    left join placeholders as {{ field }}_placeholders
        on contacts.contact_id = {{ field }}_placeholders.contact_id
            and {{ field }}_placeholders.identifier_type = '{{ field }}'
    {% endfor -%}
)

select * from final
