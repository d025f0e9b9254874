-- one row per customer, at the current as_of_date
{% set profile_fields = {
    'business': [
        'has_name', 'has_email or has_phone', 'country is not null', 'city is not null',
        'industry is not null', 'employee_count is not null', 'owner_id is not null',
        'decision_role_count > 0',
    ],
    'consumer': [
        'has_name', 'has_email', 'has_phone', 'city is not null', 'birth_date is not null',
        'gender is not null', 'income_band is not null', 'education is not null',
    ],
} %}
with customers as (
    select * from {{ ref('customers') }}
),

accounts as (
    select * from {{ ref('int_customers__accounts') }}
),

people as (
    select * from {{ ref('int_customers__people') }}
),

contacts as (
    select
        customer_id,
        count(*) as contact_count,
        count(distinct decision_role) as decision_role_count,
        sum(case when decision_role = 'decision_maker' then 1 else 0 end) as decision_maker_count
    from {{ ref('int_contacts__attributed') }}
    where customer_id is not null
    group by customer_id
),

presence as (
    select tied_count > 0 as has_crm_contacts
    from {{ ref('int_sources__link_counts') }}
    where source_table = 'crm_contacts'
),

as_of as (
    select as_of_date from {{ ref('as_of_dates') }} where is_current
),

joined as (
    select
        customers.*,
        as_of.as_of_date,
        accounts.industry,
        accounts.sub_industry,
        accounts.employee_count,
        accounts.influence_level,
        accounts.lead_source,
        accounts.owner_id,
        people.birth_date,
        people.gender,
        people.occupation,
        people.income_band,
        people.education,
        extract(year from as_of.as_of_date) - extract(year from people.birth_date)
        - case
            when
                extract(month from as_of.as_of_date) * 100 + extract(day from as_of.as_of_date)
                < extract(month from people.birth_date) * 100 + extract(day from people.birth_date)
                then 1
            else 0
        end as age_years,
        -- A consumer has no contacts, and those of an absent table are unknown.
        {% for metric in ['contact_count', 'decision_role_count', 'decision_maker_count'] -%}
        case
            when presence.has_crm_contacts and customers.customer_type = 'business'
                then coalesce(contacts.{{ metric }}, 0)
        end as {{ metric }}{{ ',' if not loop.last }}
        {% endfor %}
    from customers
    cross join presence
    cross join as_of
    left join accounts
        on customers.customer_id = accounts.customer_id
    left join people
        on customers.customer_id = people.customer_id
    left join contacts
        on customers.customer_id = contacts.customer_id
),

final as (
    select
        customer_id,
        as_of_date,
        industry,
        sub_industry,
        case
            when employee_count >= 1000 then '1000+'
            when employee_count >= 250 then '250-999'
            when employee_count >= 50 then '50-249'
            when employee_count >= 1 then '1-49'
        end as size_band,
        cast(employee_count as bigint) as employee_count,
        country,
        province,
        channel_type,
        influence_level,
        lead_source,
        case
            when age_years < 25 then 'under 25'
            when age_years < 35 then '25-34'
            when age_years < 45 then '35-44'
            when age_years < 55 then '45-54'
            when age_years < 65 then '55-64'
            when age_years >= 65 then '65 and over'
        end as age_band,
        gender,
        occupation,
        income_band,
        education,
        cast(contact_count as bigint) as contact_count,
        cast(decision_role_count as bigint) as decision_role_count,
        cast(decision_maker_count as bigint) as decision_maker_count,
        case customer_type
            {% for customer_type, fields in profile_fields.items() -%}
            when '{{ customer_type }}' then cast(
                {% for field in fields -%}
                case when {{ field }} then 1 else 0 end{{ ' +' if not loop.last }}
                {% endfor -%}
                as double
            ) / {{ fields | length }}
            {% endfor -%}
        end as profile_completeness_rate
    from joined
)

select * from final
