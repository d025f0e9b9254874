-- one row: the last date that this run accepts
select
    cast(
        {% if var('as_of_date') %}
        '{{ var("as_of_date") }}'
        {% else %}
        {{ current_business_date() }}
        {% endif %}
        as date
    ) as latest_permitted_date
