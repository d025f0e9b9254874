-- one row per playbook, customer and stay in the audience
with stays as (
    select * from {{ ref('int_playbooks__stays') }}
),

playbooks as (
    select * from {{ ref('playbooks') }}
),

owners as (
    select * from {{ ref('int_customers__owners') }}
),

customers as (
    select * from {{ ref('customers') }}
),

contact_source as (
    select is_present from {{ ref('source_readiness') }} where source_table = 'erp_customers'
),

members as (
    select
        stays.playbook_key,
        stays.customer_id,
        stays.entered_date,
        stays.left_date,
        playbooks.priority,
        playbooks.channel,
        playbooks.owner_role,
        playbooks.cooldown_days,
        playbooks.control_share,
        lag(stays.entered_date) over (
            partition by stays.playbook_key, stays.customer_id order by stays.entered_date
        ) as previous_entered_date
    from stays
    inner join playbooks
        on stays.playbook_key = playbooks.playbook_key
),

-- At entry, was the customer already in, or entering, a playbook of higher priority?
outranked as (
    select
        members.playbook_key,
        members.customer_id,
        members.entered_date
    from members
    inner join members as others
        on members.customer_id = others.customer_id
            and members.priority > others.priority
            and members.entered_date >= others.entered_date
            and (others.left_date is null or members.entered_date < others.left_date)
    group by members.playbook_key, members.customer_id, members.entered_date
),

judged as (
    select
        members.playbook_key,
        members.customer_id,
        owners.owner_id,
        members.channel,
        case
            when {{ share_of_hundred("members.playbook_key || '/' || members.customer_id") }}
                < members.control_share * 100
                then 'control_group'
            when {{ dbt.datediff('members.previous_entered_date', 'members.entered_date', 'day') }}
                < members.cooldown_days
                then 'cooldown'
            when outranked.customer_id is not null then 'other_playbook'
            when contact_source.is_present
                and (
                    (members.channel = 'phone' and not customers.has_phone)
                    or (members.channel = 'email' and not customers.has_email)
                )
                then 'no_contact_details'
        end as suppression_reason,
        members.left_date is null as is_active,
        members.entered_date,
        members.left_date
    from members
    cross join contact_source
    inner join customers
        on members.customer_id = customers.customer_id
    left join outranked
        on members.playbook_key = outranked.playbook_key
            and members.customer_id = outranked.customer_id
            and members.entered_date = outranked.entered_date
    left join owners
        on members.customer_id = owners.customer_id
            and members.owner_role = owners.owner_role
),

final as (
    select
        playbook_key,
        customer_id,
        owner_id,
        channel,
        suppression_reason,
        suppression_reason is null as is_contactable,
        is_active,
        entered_date,
        left_date
    from judged
)

select * from final
