-- Fails if a policy lacks a dimension, a weight or one of five bands in order, or its numbers or
-- score components cannot be used.
with policies as (
    select * from {{ seed_rows(ref('policies')) }}
),

expected as (
    select
        policies.policy_key,
        labels.outcome_key as customer_type,
        dimensions.dimension,
        scores.score,
        policies.policy_key || '/' || labels.outcome_key || '/' || dimensions.dimension as subject
    from policies
    inner join {{ ref('labels') }} as labels
        on labels.kind = 'customer_type'
    cross join (values ('recency'), ('frequency'), ('monetary')) as dimensions (dimension)
    cross join (values (1), (2), (3), (4), (5)) as scores (score)
),

dimensions as (
    select
        *,
        policy_key || '/' || customer_type || '/' || dimension as subject,
        min(line) over (partition by policy_key, customer_type, dimension) as first_line,
        max(line) over (partition by policy_key) as last_line
    from {{ seed_rows(ref('rfm_dimensions')) }}
),

bands as (
    select
        *,
        policy_key || '/' || customer_type || '/' || dimension as subject,
        min(line) over (partition by policy_key, customer_type, dimension, score) as first_line,
        max(line) over (partition by policy_key, customer_type, dimension) as last_line,
        max(line) over (partition by policy_key) as last_policy_line
    from {{ seed_rows(ref('rfm_bands')) }}
),

-- The bands from the lowest on: recency scores fall as the days rise.
ranked_bands as (
    select
        *,
        lag(score) over (
            partition by subject order by case when dimension = 'recency' then -score else score end
        ) as lower_score,
        lag(lower_bound) over (
            partition by subject order by case when dimension = 'recency' then -score else score end
        ) as below
    from bands
    where line = first_line and score between 1 and 5 and lower_bound is not null
),

components as (
    {% for seed, first, last in [
        ('health_components', 'worst_value', 'best_value'),
        ('difficulty_components', 'easy_value', 'hard_value'),
    ] -%}
    select '{{ seed }}' as seed, line, policy_key, customer_type, component, metric
    from {{ seed_rows(ref(seed)) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

findings as (
    select
        'rfm_dimensions' as seed,
        max(dimensions.last_line) as line,
        expected.policy_key,
        expected.subject,
        'rfm_dimensions.missing' as problem,
        null as value,
        null as other,
        null as other_line
    from expected
    left join dimensions
        on expected.policy_key = dimensions.policy_key
    group by expected.policy_key, expected.subject
    having count(case when dimensions.subject = expected.subject then 1 end) = 0

    union all

    select
        'rfm_dimensions', line, policy_key, subject, 'rfm_dimensions.twice', null, null, first_line
    from dimensions
    where line > first_line

    union all

    select
        'rfm_dimensions', line, policy_key, subject, 'rfm_dimensions.weight',
        cast(weight as varchar), null, null
    from dimensions
    where weight <= 0

    union all

    select
        'rfm_bands',
        coalesce(
            max(case when bands.subject = expected.subject then bands.last_line end),
            max(bands.last_policy_line)
        ),
        expected.policy_key,
        expected.subject,
        'rfm_bands.missing',
        cast(expected.score as varchar),
        null,
        null
    from expected
    left join bands
        on expected.policy_key = bands.policy_key
    group by expected.policy_key, expected.subject, expected.score
    having
        count(
            case when bands.subject = expected.subject and bands.score = expected.score then 1 end
        ) = 0

    union all

    select
        'rfm_bands', line, policy_key, subject,
        case when score between 1 and 5 then 'rfm_bands.twice' else 'rfm_bands.no_score' end,
        cast(score as varchar), null, first_line
    from bands
    where score not between 1 and 5 or line > first_line

    union all

    select
        'rfm_bands', line, policy_key, subject,
        case
            when lower_score is null then 'rfm_bands.begins'
            when dimension = 'recency' then 'rfm_bands.rises'
            else 'rfm_bands.falls'
        end,
        cast(lower_bound as varchar), cast(score as varchar), lower_score
    from ranked_bands
    where lower_bound <= below
        or (
            lower_score is null
            and lower_bound > case when dimension = 'frequency' then 1 else 0 end
        )

    union all

    {% for column, least, most in [
        ('high_score_from', 2, 5), ('minimum_buyers', 5, none), ('minimum_history_days', 1, none),
        ('rfm_window_days', 1, none),
    ] -%}
    select
        'policies', line, policy_key, policy_key,
        'policy_numbers.{{ "between" if most else "least" }}',
        '{{ column }} ' || cast({{ column }} as varchar), '{{ least }}', {{ most or 'null' }}
    from policies
    where {{ column }} < {{ least }}{% if most %} or {{ column }} > {{ most }}{% endif %}

    union all

    {% endfor -%}
    select
        'policies', 1, null, '{{ var("segmentation_policy") }}', 'policy_unknown', null, null, null
    from policies
    having count(case when policy_key = '{{ var("segmentation_policy") }}' then 1 end) = 0
        and '{{ var("segmentation_policy") }}' <> ''

    union all

    select
        components.seed, components.line, components.policy_key,
        components.policy_key || '/' || components.customer_type || '/' || components.component,
        case
            when metrics.source <> 'customer_metrics' or metrics.value_type <> 'number'
                then 'components.no_number'
            else 'components.applies_to'
        end,
        components.metric, metrics.applies_to, null
    from components
    inner join {{ ref('metrics') }} as metrics
        on components.metric = metrics.metric
    where metrics.source <> 'customer_metrics'
        or metrics.value_type <> 'number'
        or metrics.applies_to not in ('any', components.customer_type)

    union all

    select
        seeds.seed, coalesce(max(components.line), 1), expected.policy_key,
        expected.policy_key || '/' || expected.customer_type,
        'components.missing', null, null, null
    from expected
    cross join (values ('health_components'), ('difficulty_components')) as seeds (seed)
    left join components
        on seeds.seed = components.seed
    group by expected.policy_key, expected.customer_type, seeds.seed
    having
        count(
            case
                when components.policy_key = expected.policy_key
                    and components.customer_type = expected.customer_type
                    then 1
            end
        ) = 0
)

select * from findings
