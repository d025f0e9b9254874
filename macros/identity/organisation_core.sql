{#-
    Distinctive part of an organisation's name: the name without generic words for a kind of place
    (school, branch, 分公司), the city it is in, and blanks; the whole name if nothing else is left.
    'Denver District Schools - Elmwood' in Denver and 'Elmwood Elementary' are both elmwood.

    name: SQL text expression made by `organisation_name`; city: by engine('comparable_text').
    Returns text.
-#}
{% macro organisation_core(name, city) -%}
    coalesce(
        nullif(replace(regexp_replace(
            replace(
                ' ' || {{ name }} || ' ',
                coalesce(
                    case
                        when {{ city }} between 'a' and 'zz' then ' ' || {{ city }} || ' '
                        else regexp_replace({{ city }}, '市$', '')
                    end,
                    '  '
                ),
                ' '
            ),
            '\b(the|of|and|at|head|main|branch|office|headquarters|hq|dep|division|unit|store|outlet'
            || '|school|schools|elementary|primary|district)\b|总公司|分公司|办事处|总部|分店|门店', '', 'g'
        ), ' ', ''), ''),
        replace({{ name }}, ' ', '')
    )
{%- endmacro %}
