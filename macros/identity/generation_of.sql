{#-
    Which of several people of one name in a family somebody is: 1 (Sr), 2 (Jr, II), 3 or 4.

    expression: SQL text expression made by `comparable_text`. Returns text, null if the name does not
    say.
-#}
{% macro generation_of(expression) -%}
    case nullif(regexp_extract({{ expression }}, ' (jr|sr|ii|iii|iv)( |$)', 1), '')
        when 'sr' then '1'
        when 'jr' then '2'
        when 'ii' then '2'
        when 'iii' then '3'
        when 'iv' then '4'
    end
{%- endmacro %}
