-- Fails if a playbook has no audience or steps, or the order of playbooks or steps is open.
with playbooks as (
    select
        *,
        lag(playbook_key) over (order by priority, line) as former_key,
        lag(priority) over (order by priority, line) as former_priority,
        lag(line) over (order by priority, line) as former_line
    from {{ engine('seed_rows', ref('playbooks')) }}
),

steps as (
    select
        *,
        lag(step_number) over (partition by playbook_key order by step_number, line) as former_step,
        lag(day_offset) over (partition by playbook_key order by step_number, line) as former_day,
        lag(line) over (partition by playbook_key order by step_number, line) as former_line
    from {{ engine('seed_rows', ref('playbook_steps')) }}
)

select
    {{ finding(
        'playbooks', "'audience.unknown'", 'playbook_key', policy='null',
        value='audience_rule_key',
    ) }}
from playbooks
where
    audience_rule_key not in (
        select rules.rule_key from {{ ref('rules') }} as rules where rules.rule_set = 'audience'
    )

union all

select {{ finding('playbooks', "'steps.none'", 'playbook_key', policy='null') }}
from playbooks
where playbook_key not in (select steps.playbook_key from steps)

union all

select
    {{ finding(
        'playbooks', "'priority'", 'playbook_key', policy='null', value='priority',
        other='former_key', other_line='former_line',
    ) }}
from playbooks
where priority = former_priority

union all

select
    {{ finding(
        'playbook_steps',
        "case when step_number = former_step then 'steps.twice' else 'steps.day' end",
        'playbook_key', policy='null', value='step_number', other='day_offset',
        other_line='former_line',
    ) }}
from steps
where step_number = former_step or day_offset < former_day
