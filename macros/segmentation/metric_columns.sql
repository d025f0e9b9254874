{#-
    The metrics that a model has, by the columns and types that its YAML and that of the models before it
    declare; seeds/policy/metrics.csv describes them, and a test holds both together.

    model: customer_metrics_history, int_segmentation__rule_inputs_history (with scores, for the rules of
    lifecycle, tier and matrix) or int_segmentation__rule_inputs (with what those rules decide).
    Returns {'number': column names, 'text': column names}; empty lists while dbt parses. A unit test of
    a model that calls it must override it, because dbt shows no other model to a unit test.
-#}
{% macro metric_columns(model_name) %}
    {% set metrics = {'number': [], 'text': []} %}
    {% set models = [
        'customer_metrics_history', 'int_segmentation__rule_inputs_history',
        'int_segmentation__rule_inputs',
    ] %}
    {% for name in models[:models.index(model_name) + 1] if execute %}
        {% for column in graph.nodes['model.' ~ model.package_name ~ '.' ~ name].columns.values() %}
            {% set type = column.data_type or '' %}
            {% if type == 'varchar' and not column.name.endswith(('_id', '_rule_key')) %}
                {% do metrics.text.append(column.name) %}
            {% elif type in ('bigint', 'double') or type.startswith('decimal') %}
                {% do metrics.number.append(column.name) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {{ return(metrics) }}
{% endmacro %}
