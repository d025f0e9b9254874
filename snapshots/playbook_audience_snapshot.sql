{% snapshot playbook_audience_snapshot %}
{{ config(
    unique_key='audience_key',
    strategy='check',
    check_cols=['playbook_key', 'customer_id'],
    hard_deletes='invalidate',
) }}
-- one row per playbook, customer and stay in the audience, before anyone is left out
select
    playbooks.playbook_key || '/' || outcomes.customer_id as audience_key,
    playbooks.playbook_key,
    outcomes.customer_id,
    outcomes.as_of_date
from {{ ref('int_segmentation__outcomes') }} as outcomes
inner join {{ ref('playbooks') }} as playbooks
    on outcomes.rule_key = playbooks.audience_rule_key
where outcomes.rule_set = 'audience'
{% endsnapshot %}
