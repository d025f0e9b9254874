{#-
    How many of four cut points lie below a value (0-4). Quantile cut points count when strictly
    below it, band bounds when at or below it: a band holds its own lower bound.

    value: SQL expression; cuts: alias of a relation with rfm_method and cut_point_1 to cut_point_4.
-#}
{% macro cuts_below(value, cuts) -%}
    (
        {% for number in range(1, 5) -%}
        case
            when {{ value }} > {{ cuts }}.cut_point_{{ number }}
                or ({{ value }} = {{ cuts }}.cut_point_{{ number }} and {{ cuts }}.rfm_method = 'bands')
                then 1
            else 0
        end{{ ' + ' if not loop.last }}
        {% endfor %}
    )
{%- endmacro %}
