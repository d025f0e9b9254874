{#-
    A value if the date's age on the as_of_date is at least from_days and below before_days, else 0.
    A window of 365 days (0, 365) holds the as_of_date and the 364 days before it.

    date, as_of_date, value: SQL expressions; from_days, before_days: whole numbers of days.
-#}
{% macro in_window(date, as_of_date, from_days, before_days, value) -%}
    case
        when {{ dbt.datediff(date, as_of_date, 'day') }} >= {{ from_days }}
            and {{ dbt.datediff(date, as_of_date, 'day') }} < {{ before_days }}
            then {{ value }}
        else 0
    end
{%- endmacro %}
