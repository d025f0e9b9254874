-- Fails if the RFM map lacks one of the 125 cells or 8 groups, names one twice or names no label.
{% set maps = [
    ('rfm_segments', 'rfm_segment', [1, 2, 3, 4, 5], ['recency_score', 'frequency_score',
     'monetary_score']),
    ('rfm_groups', 'rfm_group', ['true', 'false'], ['is_recency_high', 'is_frequency_high',
     'is_monetary_high']),
] %}
with
{% for seed, kind, allowed, columns in maps %}
{{ seed }}_rows as (
    select
        line,
        {{ kind }}_key as label_key,
        cast({{ columns[0] }} as varchar) || ',' || cast({{ columns[1] }} as varchar) || ','
        || cast({{ columns[2] }} as varchar) as cell,
        {% for column in columns -%}
        {{ column }} in ({{ allowed | join(', ') }}){{ ' and ' if not loop.last }}
        {%- endfor %} as is_cell
    from {{ seed_rows(ref(seed)) }}
),

{{ seed }}_marks as (
    {% for value in allowed -%}
    select '{{ value }}' as mark
    {{ 'union all' if not loop.last }}
    {% endfor %}
),
{% endfor %}

cell_rows as (
    {% for seed, kind, allowed, columns in maps -%}
    select
        '{{ seed }}' as seed,
        '{{ kind }}' as kind,
        *,
        min(line) over (partition by cell) as first_line
    from {{ seed }}_rows
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

findings as (
    select
        cell_rows.seed,
        cell_rows.line,
        cell_rows.cell,
        case aspects.aspect
            when 'label' then case when labels.outcome_key is null then 'labels' end
            else case
                when not cell_rows.is_cell then 'rfm_cells.none'
                when cell_rows.line > cell_rows.first_line then 'rfm_cells.twice'
            end
        end as problem,
        cell_rows.label_key as value,
        cell_rows.kind as other,
        cell_rows.first_line as other_line
    from cell_rows
    cross join (values ('cell'), ('label')) as aspects (aspect)
    left join {{ ref('labels') }} as labels
        on cell_rows.kind = labels.kind
            and cell_rows.label_key = labels.outcome_key

    {% for seed, kind, allowed, columns in maps %}
    union all

    select
        '{{ seed }}' as seed,
        (select coalesce(max(line), 1) from {{ seed }}_rows) as line,
        recency.mark || ',' || frequency.mark || ',' || monetary.mark as cell,
        'rfm_cells.missing' as problem,
        null as value,
        '{{ kind }}' as other,
        null as other_line
    from {{ seed }}_marks as recency
    cross join {{ seed }}_marks as frequency
    cross join {{ seed }}_marks as monetary
    where
        recency.mark || ',' || frequency.mark || ',' || monetary.mark
        not in (select cell from {{ seed }}_rows where cell is not null)
    {% endfor %}
)

select
    seed,
    line,
    cast(null as varchar) as policy_key,
    'cell ' || cell as subject,
    problem,
    value,
    other,
    other_line
from findings
where problem is not null
