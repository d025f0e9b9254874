-- one row per playbook, id of a customer at entry, and stay in the audience
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
    select row_count > 0 as is_present
    from {{ ref('int_source_rows__counted') }}
    where source_table = 'erp_customers'
),

members as (
    select
        stays.playbook_key,
        stays.customer_id,
        stays.entered_customer_id,
        stays.merged_date,
        stays.entered_date,
        stays.left_date,
        playbooks.priority,
        playbooks.channel,
        playbooks.owner_role,
        playbooks.cooldown_days,
        playbooks.control_share
    from stays
    inner join playbooks
        on stays.playbook_key = playbooks.playbook_key
),

-- Other stays known at entry, under the same id or under one merged by then.
known_stays as (
    select
        members.playbook_key,
        members.entered_customer_id,
        members.entered_date,
        -- Was the customer already in, or entering, a playbook of higher priority?
        max(
            case
                when members.priority > others.priority
                    and (others.left_date is null or members.entered_date < others.left_date)
                    then 1
                else 0
            end
        ) as is_outranked,
        max(
            case
                when members.playbook_key = others.playbook_key
                    and members.entered_date > others.entered_date
                    then others.entered_date
            end
        ) as previous_entered_date
    from members
    inner join members as others
        on members.customer_id = others.customer_id
            and members.entered_date >= others.entered_date
    where members.entered_customer_id = others.entered_customer_id
        or others.merged_date <= members.entered_date
    group by members.playbook_key, members.entered_customer_id, members.entered_date
),

judged as (
    select
        members.playbook_key,
        members.customer_id,
        members.entered_customer_id,
        owners.owner_id,
        members.channel,
        case
            when {{ engine(
                'share_of_hundred', "members.playbook_key || '/' || members.entered_customer_id"
            ) }} < members.control_share * 100
                then 'control_group'
            when {{ dbt.datediff(
                'known_stays.previous_entered_date', 'members.entered_date', 'day'
            ) }} < members.cooldown_days
                then 'cooldown'
            when known_stays.is_outranked = 1 then 'other_playbook'
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
    inner join known_stays
        on members.playbook_key = known_stays.playbook_key
            and members.entered_customer_id = known_stays.entered_customer_id
            and members.entered_date = known_stays.entered_date
    left join owners
        on members.customer_id = owners.customer_id
            and members.owner_role = owners.owner_role
),

final as (
    select
        playbook_key,
        customer_id,
        entered_customer_id,
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
