-- Fails if a policy lacks a dimension, a weight or one of five bands in order, or its numbers or
-- score components cannot be used.
with policies as (
    select * from {{ engine('seed_rows', ref('policies')) }}
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
    from {{ engine('seed_rows', ref('rfm_dimensions')) }}
),

bands as (
    select
        *,
        policy_key || '/' || customer_type || '/' || dimension as subject,
        min(line) over (partition by policy_key, customer_type, dimension, score) as first_line,
        max(line) over (partition by policy_key, customer_type, dimension) as last_line,
        max(line) over (partition by policy_key) as last_policy_line
    from {{ engine('seed_rows', ref('rfm_bands')) }}
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
    {% for seed in ['health_components', 'difficulty_components'] -%}
    select
        '{{ seed }}' as seed,
        line,
        policy_key,
        customer_type,
        metric,
        policy_key || '/' || customer_type || '/' || component as subject
    from {{ engine('seed_rows', ref(seed)) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

-- Dimensions.
select
    {{ finding(
        'rfm_dimensions', "'rfm_dimensions.missing'", 'expected.subject',
        line='max(dimensions.last_line)', policy='expected.policy_key',
    ) }}
from expected
left join dimensions
    on expected.policy_key = dimensions.policy_key
group by expected.policy_key, expected.subject
having count(case when expected.subject = dimensions.subject then 1 end) = 0

union all

select
    {{ finding('rfm_dimensions', "'rfm_dimensions.twice'", 'subject', other_line='first_line') }}
from dimensions
where line > first_line

union all

select {{ finding('rfm_dimensions', "'rfm_dimensions.weight'", 'subject', value='weight') }}
from dimensions
where weight <= 0

union all

-- Bands.
select
    {{ finding(
        'rfm_bands', "'rfm_bands.missing'", 'expected.subject',
        line='coalesce(max(case when expected.subject = bands.subject then bands.last_line end),'
        ~ ' max(bands.last_policy_line))',
        policy='expected.policy_key', value='expected.score',
    ) }}
from expected
left join bands
    on expected.policy_key = bands.policy_key
group by expected.policy_key, expected.subject, expected.score
having
    count(case when expected.subject = bands.subject and expected.score = bands.score then 1 end)
    = 0

union all

select
    {{ finding(
        'rfm_bands',
        "case when score between 1 and 5 then 'rfm_bands.twice' else 'rfm_bands.no_score' end",
        'subject', value='score', other_line='first_line',
    ) }}
from bands
where score not between 1 and 5 or line > first_line

union all

select
    {{ finding(
        'rfm_bands',
        "case when lower_score is null then 'rfm_bands.begins'"
        ~ " when dimension = 'recency' then 'rfm_bands.rises' else 'rfm_bands.falls' end",
        'subject', value='lower_bound', other='score', further='lower_score',
    ) }}
from ranked_bands
where lower_bound <= below
    or (
        lower_score is null
        and lower_bound > case when dimension = 'frequency' then 1 else 0 end
    )

union all

-- Numbers of a policy.
{% for column, least, most in [
    ('high_score_from', 2, 5), ('minimum_buyers', 5, none), ('minimum_history_days', 1, none),
    ('rfm_window_days', 1, none),
] -%}
select
    {{ finding(
        'policies', "'policy_numbers.between'" if most else "'policy_numbers.least'", 'policy_key',
        value="'" ~ column ~ " ' || " ~ column, other=least, further=most or 'null',
    ) }}
from policies
where {{ column }} < {{ least }}{{ ' or ' ~ column ~ ' > ' ~ most if most }}

union all

{% endfor -%}
{% set chosen = "'" ~ var('segmentation_policy') ~ "'" -%}
select {{ finding('policies', "'policy_unknown'", chosen, line=1, policy='null') }}
from policies
having count(case when policy_key = {{ chosen }} then 1 end) = 0 and {{ chosen }} <> ''

{% for seed in ['health_components', 'difficulty_components'] %}
union all

-- Components of {{ seed }}.
select
    {{ finding(
        seed,
        "case when metrics.source = 'customer_metrics' and metrics.value_type = 'number'"
        ~ " then 'components.applies_to' else 'components.no_number' end",
        'components.subject', line='components.line', policy='components.policy_key',
        value='components.metric', other='metrics.applies_to',
    ) }}
from components
inner join {{ ref('metrics') }} as metrics
    on components.metric = metrics.metric
where components.seed = '{{ seed }}' and (
        metrics.source <> 'customer_metrics'
        or metrics.value_type <> 'number'
        or metrics.applies_to not in ('any', components.customer_type)
    )

union all

select
    {{ finding(
        seed, "'components.missing'", "expected.policy_key || '/' || expected.customer_type",
        line='max(components.line)', policy='expected.policy_key',
    ) }}
from expected
left join components
    on components.seed = '{{ seed }}'
group by expected.policy_key, expected.customer_type
having
    count(
        case
            when expected.policy_key = components.policy_key
                and expected.customer_type = components.customer_type
                then 1
        end
    ) = 0
{% endfor %}
