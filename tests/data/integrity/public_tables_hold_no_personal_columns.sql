-- Fails if a table that everyone may read has a column that the source contract marks as personal.
-- depends_on: {{ ref('customers') }}, {{ ref('customer_identity_map') }}, {{ ref('orders') }}
-- depends_on: {{ ref('customer_segments') }}, {{ ref('customer_segment_reason_conditions') }}
-- depends_on: {{ ref('playbook_actions') }}, {{ ref('rejected_record_counts') }}
{%- set personal = ['customer_name', 'owner_name'] %}
{%- for source in graph.sources.values() %}
    {%- for column in source.columns.values() if column.config.meta.pii %}
        {%- do personal.append(column.name) %}
    {%- endfor %}
{%- endfor %}
select
    table_name,
    column_name
from information_schema.columns
where table_schema = '{{ target.schema }}'
    and column_name in ('{{ personal | unique | join("', '") }}')
