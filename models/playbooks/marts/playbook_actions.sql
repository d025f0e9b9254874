-- one row per contactable member of a playbook and step
with members as (
    select * from {{ ref('playbook_members') }} where is_contactable
),

steps as (
    select * from {{ ref('playbook_steps') }}
),

playbooks as (
    select
        playbook_key,
        audience_rule_key
    from {{ ref('playbooks') }}
),

reasons as (
    select
        customer_id,
        rule_key,
        reason_en,
        reason_zh
    from {{ ref('customer_segment_reasons') }}
    where rule_set = 'audience'
),

final as (
    select
        -- The entry date is part of the id, so that an action keeps it from build to build and a
        -- second stay is new work; so is the id at entry, so that a merge does not change it.
        'act_' || substr(md5(
            members.playbook_key || '/' || members.entered_customer_id
            || '/' || cast(members.entered_date as varchar)
            || '/' || cast(steps.step_number as varchar)
        ), 1, 16) as action_id,
        members.playbook_key,
        members.customer_id,
        members.entered_customer_id,
        members.owner_id,
        steps.channel,
        steps.content_en,
        steps.content_zh,
        reasons.reason_en,
        reasons.reason_zh,
        steps.step_number,
        members.is_active,
        members.entered_date,
        cast({{ dbt.dateadd('day', 'steps.day_offset', 'members.entered_date') }} as date)
            as due_date
    from members
    inner join steps
        on members.playbook_key = steps.playbook_key
    inner join playbooks
        on members.playbook_key = playbooks.playbook_key
    left join reasons
        on members.customer_id = reasons.customer_id
            and playbooks.audience_rule_key = reasons.rule_key
)

select * from final
