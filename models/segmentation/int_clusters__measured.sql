-- one row per customer with a cluster and metric of its clustering, at the current as_of_date
with clustered as (
    select * from {{ ref('stg_model__customer_clusters') }}
),

customers as (
    select
        metrics.customer_id,
        metrics.as_of_date,
        metrics.customer_type,
        {{ metric_array('metrics', activity_metrics()) }} as numbers
    from {{ ref('customer_metrics') }} as metrics
),

-- All customers of a type were cut by the same metrics: few lists, each taken apart once.
metric_lists as (
    select metrics
    from clustered
    group by metrics
),

chosen_metrics as (
    select
        metric_lists.metrics,
        listed.metric,
        {{ metric_position('listed.metric', activity_metrics()) }} as number_position
    from metric_lists
    inner join {{ ref('metrics') }} as listed
        on {{ dbt.position("'|' || listed.metric || '|'", "'|' || metric_lists.metrics || '|'") }} > 0
    where listed.value_type = 'number'
        and listed.source = 'customer_metrics'
),

final as (
    select
        clustered.customer_id,
        customers.as_of_date,
        customers.customer_type,
        clustered.cluster_key,
        chosen_metrics.metric,
        {{ engine('array_item', 'customers.numbers', 'chosen_metrics.number_position') }}
            as metric_number
    from clustered
    inner join customers
        on clustered.customer_id = customers.customer_id
            and clustered.customer_type = customers.customer_type
    inner join chosen_metrics
        on clustered.metrics = chosen_metrics.metrics
)

select * from final
