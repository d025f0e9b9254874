{#-
    A value if an age in days is at least from_days and below before_days, else 0. A window of 365
    days (0, 365) holds the as_of_date and the 364 days before it.

    age_days, value: SQL expressions; from_days, before_days: whole numbers of days.
-#}
{% macro in_window(age_days, from_days, before_days, value) -%}
    case
        when {{ age_days }} >= {{ from_days }} and {{ age_days }} < {{ before_days }} then {{ value }}
        else 0
    end
{%- endmacro %}
