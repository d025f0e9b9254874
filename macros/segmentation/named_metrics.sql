{#-
    Every customer beside the rows that name a metric for its customer type, with the metric's value. The
    metrics of a customer go into one array first, so that the join copies an array and not a hundred
    columns; the place of a metric in it is looked up for the few rows that name one.

    customers: CTE with customer_id, as_of_date, customer_type and the columns; named: CTE with
    customer_type and metric; columns: {'number': column names, 'text': column names} or one of the two.
    Returns a select of customer_id, as_of_date, the columns of `named`, metric_number and metric_text.
-#}
{% macro named_metrics(customers, named, columns) -%}
    {% set sql_types = {'number': 'double', 'text': 'varchar'} -%}
    select
        measured.customer_id,
        measured.as_of_date,
        {% for type in columns -%}
        {{ engine('array_item', 'measured.' ~ type ~ '_values', 'placed.' ~ type ~ '_position') }} as metric_{{ type }},
        {% endfor -%}
        placed.*
    from (
        select
            customer_id,
            as_of_date,
            {% for type, names in columns.items() -%}
            {% set items = [] -%}
            {% for name in names -%}
            {% do items.append('cast(' ~ name ~ ' as ' ~ sql_types[type] ~ ')') -%}
            {% endfor -%}
            {{ engine('array_of', items) }} as {{ type }}_values,
            {% endfor -%}
            customer_type
        from {{ customers }}
    ) as measured
    inner join (
        select
            *,
            {% for type, names in columns.items() -%}
            case metric
                {% for name in names -%}
                when '{{ name }}' then {{ loop.index }}
                {% endfor -%}
            end as {{ type }}_position{{ ',' if not loop.last }}
            {% endfor %}
        from {{ named }}
    ) as placed
        on measured.customer_type = placed.customer_type
{%- endmacro %}
