-- one row per playbook and customer in its audience, at the current as_of_date
with outcomes as (
    select
        customer_id,
        as_of_date,
        rule_key
    from {{ ref('int_segmentation__outcomes') }}
    where rule_set = 'audience'
),

playbooks as (
    select
        playbook_key,
        audience_rule_key
    from {{ ref('playbooks') }}
),

final as (
    select
        playbooks.playbook_key || '/' || outcomes.customer_id as audience_key,
        playbooks.playbook_key,
        outcomes.customer_id,
        outcomes.as_of_date
    from outcomes
    inner join playbooks
        on outcomes.rule_key = playbooks.audience_rule_key
)

select * from final
