{#-
    Whether a condition holds, from the columns metric_number, metric_text, operator, value and
    threshold of the relation at hand; null and false both mean that it does not. `in` takes a list
    separated by `|`.
-#}
{% macro condition_holds() -%}
    case operator
        when '<' then metric_number < threshold
        when '<=' then metric_number <= threshold
        when '>' then metric_number > threshold
        when '>=' then metric_number >= threshold
        when '=' then coalesce(metric_text = value, metric_number = threshold)
        when '!=' then coalesce(metric_text <> value, metric_number <> threshold)
        when 'in' then position('|' || metric_text || '|' in '|' || value || '|') > 0
        when 'is_null' then metric_text is null and metric_number is null
        when 'is_not_null' then metric_text is not null or metric_number is not null
    end
{%- endmacro %}
