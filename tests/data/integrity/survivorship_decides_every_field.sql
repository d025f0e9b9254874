-- Fails if a row of survivorship.csv cannot be applied, or a field of the golden record has none.
{{ config(meta={'finding_column': 'finding'}) }}
with fields as (
    {% for field in golden_fields() -%}
    select '{{ field }}' as field
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

checked as (
    select
        coalesce(fields.field, survivorship.field) as field,
        case
            when survivorship.field is null then 'the field is missing'
            when fields.field is null then 'the golden record has no such field'
            when coalesce(survivorship.method, '')
                not in ('source_priority', 'most_recent', 'most_complete')
                then 'method must be source_priority, most_recent or most_complete'
            when survivorship.method = 'source_priority' and survivorship.source_order is null
                then 'source_priority needs a source_order'
            when survivorship.method <> 'source_priority' and survivorship.source_order is not null
                then 'only source_priority has a source_order'
            when survivorship.field_group is null then 'the field_group is missing'
            when survivorship.reason is null then 'the reason is missing'
        end as message
    from fields
    full outer join {{ ref('survivorship') }} as survivorship
        on fields.field = survivorship.field
)

select 'seeds/identity/survivorship.csv, row ' || field || ': ' || message as finding
from checked
where message is not null
