-- Fails if someone in today's audience has no open stay, or an open stay has no one in the audience.
with audience as (
    select
        playbooks.playbook_key,
        outcomes.customer_id
    from {{ ref('playbooks') }} as playbooks
    inner join {{ ref('int_segmentation__outcomes') }} as outcomes
        on playbooks.audience_rule_key = outcomes.rule_key
            and outcomes.rule_set = 'audience'
),

open_stays as (
    select
        playbook_key,
        customer_id,
        count(*) as stay_count
    from {{ ref('playbook_members') }}
    where is_active
    group by playbook_key, customer_id
)

select
    coalesce(audience.playbook_key, open_stays.playbook_key) as playbook_key,
    coalesce(audience.customer_id, open_stays.customer_id) as customer_id
from audience
full outer join open_stays
    on audience.playbook_key = open_stays.playbook_key
        and audience.customer_id = open_stays.customer_id
where audience.customer_id is null
    or open_stays.stay_count is distinct from 1
