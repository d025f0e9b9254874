{#-
    The metrics that rules and scores may name, by the columns and types that models declare in their
    YAML; seeds/policy/metrics.csv describes them, and a test holds both together.

    stage: customer (the columns of customer_metrics), first_stage (scores, too: what rules of lifecycle,
    tier and matrix may name) or second_stage (what those rules decide, too, and the health score).
    Returns {'number': column names, 'text': column names}; empty lists while dbt parses. A unit test of
    a model that calls it must override it, because dbt shows no other model to a unit test.
-#}
{% macro metric_columns(stage) %}
    {% set customer = ['customer_metrics_history'] %}
    {% set first_stage = customer + [
        'int_segmentation__values_history', 'int_rfm__scores_history',
        'int_segmentation__difficulty_history',
    ] %}
    {% set second_stage = first_stage + [
        'int_segmentation__first_matches_history', 'int_segmentation__health',
    ] %}
    {% set models = {
        'customer': customer, 'first_stage': first_stage, 'second_stage': second_stage,
    } %}
    {% set metrics = {'number': [], 'text': []} %}
    {% for name in models[stage] if execute %}
        {% for column in graph.nodes['model.' ~ model.package_name ~ '.' ~ name].columns.values() %}
            {% set type = column.data_type or '' %}
            {% if type == 'varchar' and not column.name.endswith('_id') %}
                {% do metrics.text.append(column.name) %}
            {% elif type in ('bigint', 'double') or type.startswith('decimal') %}
                {% do metrics.number.append(column.name) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {{ return(metrics) }}
{% endmacro %}
