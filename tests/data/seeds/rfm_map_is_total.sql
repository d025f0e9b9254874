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
    from {{ engine('seed_rows', ref(seed)) }}
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
)

{% for seed, kind, allowed, columns in maps %}
select
    {{ finding(
        seed, "case when is_cell then 'rfm_cells.twice' else 'rfm_cells.none' end",
        "'cell ' || cell", policy='null', other="'" ~ kind ~ "'", other_line='first_line',
    ) }}
from cell_rows
where seed = '{{ seed }}' and (line > first_line or not is_cell)

union all

select
    {{ finding(
        seed, "'labels'", "'cell ' || cell_rows.cell", line='cell_rows.line', policy='null',
        value='cell_rows.label_key', other="'" ~ kind ~ "'",
    ) }}
from cell_rows
left join {{ ref('labels') }} as labels
    on cell_rows.kind = labels.kind
        and cell_rows.label_key = labels.outcome_key
where cell_rows.seed = '{{ seed }}' and labels.outcome_key is null

union all

select
    {{ finding(
        seed, "'rfm_cells.missing'",
        "'cell ' || recency.mark || ',' || frequency.mark || ',' || monetary.mark",
        line='(select coalesce(max(line), 1) from ' ~ seed ~ '_rows)', policy='null',
        other="'" ~ kind ~ "'",
    ) }}
from {{ seed }}_marks as recency
cross join {{ seed }}_marks as frequency
cross join {{ seed }}_marks as monetary
where
    recency.mark || ',' || frequency.mark || ',' || monetary.mark
    not in (select seed_rows.cell from {{ seed }}_rows as seed_rows where seed_rows.cell is not null)

{{ 'union all' if not loop.last }}
{% endfor %}
