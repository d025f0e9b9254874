{#-
    An address as it is compared: without blanks, and of a person with the word for a street at its
    end as short as it is written ('1 Main Street', '1 Main St'). Of an organisation, whose address is
    seldom misspelt but written in many ways, without any such word and with one letter for a
    direction ('12 North Park Avenue', '12 N. Park').

    expression: SQL text expression made by engine('comparable_text'). Returns text.
-#}
{% macro short_address(expression) -%}
    case
        when customer_type = 'business'
            then replace(regexp_replace(
                regexp_replace(
                    {{ expression }},
                    ' (street|str|st|avenue|ave|av|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct'
                    || '|place|pl|crescent|cres|circuit|cct|close|terrace|tce|parkway|pkwy|highway'
                    || '|hwy|square|sq)\b',
                    '', 'g'
                ),
                '\b(?:(n)orth|(s)outh|(e)ast|(w)est)\b', '\1\2\3\4', 'g'
            ), ' ', '')
        else regexp_replace(
            replace({{ expression }}, ' ', ''),
            '(?:(st)r(?:eet)?|(av)e(?:nue)?|(r)oa(d)|(l)a(n)e|(dr)ive|(pl)ace)$',
            '\1\2\3\4\5\6\7\8'
        )
    end
{%- endmacro %}
