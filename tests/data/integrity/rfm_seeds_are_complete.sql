-- Fails if a policy lacks a dimension, a weight or one of five bands for a customer type.
{{ config(meta={'finding_column': 'finding'}) }}
with expected as (
    select
        policies.policy_key,
        labels.outcome_key as customer_type,
        dimensions.dimension
    from {{ ref('policies') }} as policies
    cross join {{ ref('labels') }} as labels
    cross join (
        select 'recency' as dimension
        union all
        select 'frequency' as dimension
        union all
        select 'monetary' as dimension
    ) as dimensions
    where labels.kind = 'customer_type'
),

dimensions as (
    select
        policy_key,
        customer_type,
        dimension,
        count(*) as row_count,
        count(metric) as metric_count,
        min(weight) as least_weight
    from {{ ref('rfm_dimensions') }}
    group by policy_key, customer_type, dimension
),

-- Recency scores fall as the days rise; the other scores rise with the value.
ranked_bands as (
    select
        *,
        row_number() over (
            partition by policy_key, customer_type, dimension order by lower_bound, score
        ) as bound_rank
    from {{ ref('rfm_bands') }}
),

bands as (
    select
        policy_key,
        customer_type,
        dimension,
        count(distinct lower_bound) as bound_count,
        count(*) as row_count,
        sum(
            case
                when score = case when dimension = 'recency' then 6 - bound_rank else bound_rank end
                    then 1
                else 0
            end
        ) as ordered_count
    from ranked_bands
    group by policy_key, customer_type, dimension
),

checked as (
    select
        case when dimensions.row_count = 1 and dimensions.metric_count = 1
            and dimensions.least_weight > 0
            then 'rfm_bands.csv' else 'rfm_dimensions.csv'
        end as file,
        expected.policy_key || '/' || expected.customer_type || '/' || expected.dimension as key,
        case
            when coalesce(dimensions.row_count, 0) <> 1 then 'must have exactly one row'
            when dimensions.metric_count = 0 then 'the metric is missing'
            when coalesce(dimensions.least_weight, 0) <= 0 then 'the weight must be above zero'
            when coalesce(bands.row_count, 0) <> 5 or bands.bound_count <> 5
                then 'must have five bands with different lower bounds'
            when bands.ordered_count <> 5
                then 'scores must rise with the lower bound, and fall with it for recency'
        end as message
    from expected
    left join dimensions
        on expected.policy_key = dimensions.policy_key
            and expected.customer_type = dimensions.customer_type
            and expected.dimension = dimensions.dimension
    left join bands
        on expected.policy_key = bands.policy_key
            and expected.customer_type = bands.customer_type
            and expected.dimension = bands.dimension
)

select 'seeds/policy/' || file || ', row ' || key || ': ' || message as finding
from checked
where message is not null
