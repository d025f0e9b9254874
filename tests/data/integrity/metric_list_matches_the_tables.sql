-- Fails if metrics.csv, the declared columns that rules may name and the tables named as source disagree.
{{ config(meta={'finding_column': 'finding'}) }}
{% set tables = [
    ref('customer_metrics'), ref('customer_rfm_scores'), ref('customer_segments_history'),
    ref('customer_health_scores'),
] %}
with listed as (
    {% for value_type, names in metric_columns('second_stage').items() -%}
    {% for name in names -%}
    select '{{ name }}' as metric, '{{ value_type }}' as value_type
    {{ 'union all' if value_type == 'number' or not loop.last }}
    {% endfor -%}
    {% endfor %}
),

table_columns as (
    {% for table in tables -%}
    {% for column in adapter.get_columns_in_relation(table) -%}
    select
        '{{ table.identifier }}' as source,
        '{{ column.name }}' as metric,
        '{{ "text" if column.is_string() else "number" }}' as value_type
    union all
    {% endfor -%}
    {% endfor -%}
    select
        null as source,
        null as metric,
        null as value_type
),

problems as (
    select
        coalesce(metrics.metric, listed.metric) as key,
        case
            when metrics.metric is null
                then 'the metric is a declared column that metrics.csv does not list'
            when listed.metric is null
                then 'no model that rules read declares a column of this name and type '
                    || metrics.value_type
            when table_columns.metric is null
                then 'table ' || metrics.source || ' has no column of this name and type '
                    || metrics.value_type
        end as message
    from {{ ref('metrics') }} as metrics
    full outer join listed
        on metrics.metric = listed.metric
            and metrics.value_type = listed.value_type
    left join table_columns
        on metrics.metric = table_columns.metric
            and metrics.source = table_columns.source
            and metrics.value_type = table_columns.value_type
)

select 'seeds/policy/' || 'metrics.csv' || ', row ' || key || ': ' || message as finding
from problems
where message is not null
