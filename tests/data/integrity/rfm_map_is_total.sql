-- Fails if the RFM map lacks one of the 125 cells or 8 groups, names one twice or names no label.
with scores as (
    {% for score in range(1, 6) -%}
    select {{ score }} as score
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

patterns as (
    select true as is_high

    union all

    select false as is_high
),

labels as (
    select * from {{ ref('labels') }}
),

cells as (
    select
        recency.score as recency_score,
        frequency.score as frequency_score,
        monetary.score as monetary_score
    from scores as recency
    cross join scores as frequency
    cross join scores as monetary
),

cell_rows as (
    select
        coalesce(cells.recency_score, segments.recency_score) as recency_score,
        coalesce(cells.frequency_score, segments.frequency_score) as frequency_score,
        coalesce(cells.monetary_score, segments.monetary_score) as monetary_score,
        case
            when cells.recency_score is null then 'is no cell of scores 1 to 5'
            when segments.recency_score is null then 'is missing'
            when labels.outcome_key is null then 'names a segment that labels.csv does not have'
        end as problem
    from cells
    full outer join {{ ref('rfm_segments') }} as segments
        on cells.recency_score = segments.recency_score
            and cells.frequency_score = segments.frequency_score
            and cells.monetary_score = segments.monetary_score
    left join labels
        on segments.rfm_segment_key = labels.outcome_key
            and labels.kind = 'rfm_segment'
),

group_rows as (
    select
        recency.is_high as is_recency_high,
        frequency.is_high as is_frequency_high,
        monetary.is_high as is_monetary_high,
        case
            when groups.is_recency_high is null then 'is missing'
            when labels.outcome_key is null then 'names a group that labels.csv does not have'
        end as problem
    from patterns as recency
    cross join patterns as frequency
    cross join patterns as monetary
    left join {{ ref('rfm_groups') }} as groups
        on recency.is_high = groups.is_recency_high
            and frequency.is_high = groups.is_frequency_high
            and monetary.is_high = groups.is_monetary_high
    left join labels
        on groups.rfm_group_key = labels.outcome_key
            and labels.kind = 'rfm_group'
),

checked as (
    select
        'rfm_segments.csv' as file,
        recency_score || ',' || frequency_score || ',' || monetary_score as key,
        coalesce(max(problem), case when count(*) > 1 then 'is listed twice' end) as message
    from cell_rows
    group by recency_score, frequency_score, monetary_score

    union all

    select
        'rfm_groups.csv' as file,
        is_recency_high || ',' || is_frequency_high || ',' || is_monetary_high as key,
        coalesce(max(problem), case when count(*) > 1 then 'is listed twice' end) as message
    from group_rows
    group by is_recency_high, is_frequency_high, is_monetary_high
)

select * from checked where message is not null
