-- one row per customer with an order per as_of_date
with measures as (
    select * from {{ ref('int_rfm__measures_history') }}
),

cut_points as (
    select * from {{ ref('int_rfm__cut_points_history') }}
),

policy as (
    select * from {{ ref('int_policy__current') }}
),

weights as (
    select
        customer_type,
        sum(case when dimension = 'recency' then weight else 0 end) as recency_weight,
        sum(case when dimension = 'frequency' then weight else 0 end) as frequency_weight,
        sum(case when dimension = 'monetary' then weight else 0 end) as monetary_weight,
        sum(weight) as total_weight
    from {{ ref('rfm_dimensions') }}
    where policy_key = '{{ var("segmentation_policy") }}'
    group by customer_type
),

scored as (
    select
        measures.customer_id,
        measures.as_of_date,
        measures.customer_type,
        recency_cuts.rfm_method,
        measures.recency_value,
        measures.frequency_value,
        measures.monetary_value,
        5 - {{ cuts_below('measures.recency_value', 'recency_cuts') }} as recency_score,
        -- A buyer without an order in the window keeps recency and scores 1 on the rest.
        case
            when measures.is_in_rfm_window
                then 1 + {{ cuts_below('measures.frequency_value', 'frequency_cuts') }}
            else 1
        end as frequency_score,
        case
            when measures.is_in_rfm_window
                then 1 + {{ cuts_below('measures.monetary_value', 'monetary_cuts') }}
            else 1
        end as monetary_score,
        measures.is_current,
        measures.is_in_rfm_window
    from measures
    {% for dimension in ['recency', 'frequency', 'monetary'] -%}
    inner join cut_points as {{ dimension }}_cuts
        on measures.as_of_date = {{ dimension }}_cuts.as_of_date
            and measures.customer_type = {{ dimension }}_cuts.customer_type
            and {{ dimension }}_cuts.dimension = '{{ dimension }}'
    {% endfor %}
),

final as (
    select
        scored.customer_id,
        scored.as_of_date,
        scored.customer_type,
        segments.rfm_segment_key,
        groups.rfm_group_key,
        scored.rfm_method,
        scored.recency_value,
        scored.frequency_value,
        scored.monetary_value,
        scored.recency_score,
        scored.frequency_score,
        scored.monetary_score,
        cast(
            (
                scored.recency_score * weights.recency_weight
                + scored.frequency_score * weights.frequency_weight
                + scored.monetary_score * weights.monetary_weight
            ) / weights.total_weight as double
        ) as rfm_score,
        scored.is_current,
        scored.is_in_rfm_window
    from scored
    cross join policy
    inner join weights
        on scored.customer_type = weights.customer_type
    inner join {{ ref('rfm_segments') }} as segments
        on scored.recency_score = segments.recency_score
            and scored.frequency_score = segments.frequency_score
            and scored.monetary_score = segments.monetary_score
    inner join {{ ref('rfm_groups') }} as groups
        on (scored.recency_score >= policy.high_score_from) = groups.is_recency_high
            and (scored.frequency_score >= policy.high_score_from) = groups.is_frequency_high
            and (scored.monetary_score >= policy.high_score_from) = groups.is_monetary_high
)

select * from final
