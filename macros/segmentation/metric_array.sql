{#-
    All metrics of a row as one array, so that a join with the rows that name metrics copies an array and
    not a hundred columns. A metric's place in it is `metric_position` of the same columns: looked up for
    the few rows that name a metric, not for every customer.

    relation: alias of the relation with the columns; columns: list of column names; type: SQL type of
    the items; metric: SQL expression that holds a metric's name.
-#}
{% macro metric_array(relation, columns, type='double') -%}
    {% set items = [] -%}
    {% for column in columns -%}
        {% do items.append('cast(' ~ relation ~ '.' ~ column ~ ' as ' ~ type ~ ')') -%}
    {% endfor -%}
    {{ engine('array_of', items) }}
{%- endmacro %}

{#- Where `metric_array` has the metric that a row names; null if nowhere. -#}
{% macro metric_position(metric, columns) -%}
    case {{ metric }}
        {% for column in columns -%}
        when '{{ column }}' then {{ loop.index }}
        {% endfor -%}
    end
{%- endmacro %}
