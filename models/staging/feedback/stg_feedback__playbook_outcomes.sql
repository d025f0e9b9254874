-- one row per outcome: its newest usable version
select
    outcome_id,
    action_id,
    outcome,
    note,
    occurred_date,
    occurred_at,
    updated_at
from {{ ref('base_feedback__playbook_outcomes') }}
where row_status = 'kept'
