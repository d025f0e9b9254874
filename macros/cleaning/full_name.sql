{#-
    A person's name in one text: surname and given name without a blank if they are Chinese,
    Japanese or Korean, given name and surname with one if not; null if both are missing.

    given_name, surname: SQL text expressions, cleaned. Returns text.
-#}
{% macro full_name(given_name, surname) -%}
    case
        when regexp_matches(
            coalesce({{ surname }}, {{ given_name }}), '^[\x{3400}-\x{9FFF}\x{AC00}-\x{D7AF}]'
        )
            then coalesce({{ surname }}, '') || coalesce({{ given_name }}, '')
        else coalesce({{ given_name }} || ' ' || {{ surname }}, {{ given_name }}, {{ surname }})
    end
{%- endmacro %}
