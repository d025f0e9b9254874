-- Fails if a playbook has no audience or steps, or the order of playbooks or steps is open.
with playbooks as (
    select
        *,
        lag(playbook_key) over (order by priority, line) as former_key,
        lag(priority) over (order by priority, line) as former_priority,
        lag(line) over (order by priority, line) as former_line
    from {{ seed_rows(ref('playbooks')) }}
),

steps as (
    select
        *,
        lag(step_number) over (partition by playbook_key order by step_number, line) as former_step,
        lag(day_offset) over (partition by playbook_key order by step_number, line) as former_day,
        lag(line) over (partition by playbook_key order by step_number, line) as former_line
    from {{ seed_rows(ref('playbook_steps')) }}
),

findings as (
    select
        'playbooks' as seed,
        line,
        playbook_key as subject,
        case aspects.aspect
            when 'audience' then case
                when audience_rule_key not in (
                    select rule_key from {{ ref('rules') }} where rule_set = 'audience'
                ) then 'audience.unknown'
            end
            when 'steps' then case
                when playbook_key not in (select playbook_key from steps) then 'steps.none'
            end
            when 'priority' then case when priority = former_priority then 'priority' end
        end as problem,
        case aspects.aspect
            when 'audience' then audience_rule_key else cast(priority as varchar)
        end as value,
        former_key as other,
        former_line as other_line
    from playbooks
    cross join (values ('audience'), ('steps'), ('priority')) as aspects (aspect)

    union all

    select
        'playbook_steps',
        line,
        playbook_key,
        case when step_number = former_step then 'steps.twice' else 'steps.day' end,
        cast(step_number as varchar),
        cast(day_offset as varchar),
        former_line
    from steps
    where step_number = former_step or day_offset < former_day
)

select
    seed,
    line,
    cast(null as varchar) as policy_key,
    subject,
    problem,
    value,
    other,
    other_line
from findings
where problem is not null
