{% snapshot playbook_audience_snapshot %}
{{ config(
    unique_key='audience_key',
    strategy='check',
    check_cols=['playbook_key', 'customer_id'],
    hard_deletes='invalidate',
) }}
-- one row per playbook, customer and stay in the audience
select
    audience_key,
    playbook_key,
    customer_id,
    as_of_date
from {{ ref('int_playbooks__audience') }}
{% endsnapshot %}
