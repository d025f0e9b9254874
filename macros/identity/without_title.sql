{#-
    A person's name without titles (Mr, Dr, 先生) and generations (Jr, III).

    expression: SQL text expression made by engine('comparable_text'). Returns text, null if only a
    title is left.
-#}
{% macro without_title(expression) -%}
    nullif(regexp_replace(
        regexp_replace(
            {{ expression }},
            '^((mr|mrs|ms|miss|mx|dr|prof|sir|madam|herr|frau|monsieur|madame|mme|sr|sra) )+', ''
        ),
        '( (jr|sr|ii|iii|iv|phd|md|mba|esq))+$| ?(先生|女士|小姐|太太|夫人|博士|教授|老师|医生|经理|主任)$', ''
    ), '')
{%- endmacro %}
