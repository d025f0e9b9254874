-- one row: the last dates that this run accepts
with clock as (
    select cast({{ engine('current_business_date') }} as date) as today
),

limits as (
    select
        {% if var('as_of_date') %}
        cast('{{ var("as_of_date") }}' as date) as latest_permitted_date,
        {% else %}
        today as latest_permitted_date,
        {% endif %}
        today
    from clock
),

final as (
    select
        latest_permitted_date,
        greatest(latest_permitted_date, today) as latest_end_date
    from limits
)

select * from final
