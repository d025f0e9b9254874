{#-
    The surname of a Chinese name of two to four characters: the first one, or the first two if they
    are a compound surname (欧阳, 司马) and something follows; null if the text is no such name.

    expression: SQL text expression made by `comparable_text`. Returns text.
-#}
{% macro han_surname(expression) -%}
    case
        when not regexp_matches({{ expression }}, '^[\x{3400}-\x{9FFF}]{2,4}$') then null
        when length({{ expression }}) > 2
            and regexp_matches(
                {{ expression }},
                '^(欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|宇文|长孙|夏侯|轩辕|端木|独孤|南宫|拓跋|申屠)'
            )
            then substr({{ expression }}, 1, 2)
        else substr({{ expression }}, 1, 1)
    end
{%- endmacro %}
