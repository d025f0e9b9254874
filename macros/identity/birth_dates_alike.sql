{#-
    Whether two dates of birth may be one: equal but for one typing error, day and month in the other
    order, or the year off by one or ten.

    one, other: aliases of relations with birth_date. Returns boolean, null if one is missing.
-#}
{% macro birth_dates_alike(one, other) -%}
    {%- set one_date = 'cast(' ~ one ~ '.birth_date as varchar)' -%}
    {%- set other_date = 'cast(' ~ other ~ '.birth_date as varchar)' -%}
    (
        {{ one }}.birth_date = {{ other }}.birth_date
        or {{ engine('typing_errors', one_date, other_date) }} <= 1
        or (
            substr({{ one_date }}, 5) = substr({{ other_date }}, 5)
            and abs(
                cast(substr({{ one_date }}, 1, 4) as integer)
                - cast(substr({{ other_date }}, 1, 4) as integer)
            ) in (1, 10)
        )
        or (
            substr({{ one_date }}, 1, 4) = substr({{ other_date }}, 1, 4)
            and substr({{ one_date }}, 6, 2) = substr({{ other_date }}, 9, 2)
            and substr({{ one_date }}, 9, 2) = substr({{ other_date }}, 6, 2)
        )
    )
{%- endmacro %}
