-- one row per customer with a cluster and metric of its clustering, at the current as_of_date
with clustered as (
    select * from {{ ref('stg_model__customer_clusters') }}
),

customers as (
    select * from {{ ref('customer_metrics') }}
),

-- All customers of a type were cut by the same metrics: few lists, each taken apart once.
metric_lists as (
    select
        customer_type,
        metrics
    from clustered
    group by customer_type, metrics
),

chosen_metrics as (
    select
        metric_lists.customer_type,
        metric_lists.metrics,
        listed.metric
    from metric_lists
    inner join {{ ref('metrics') }} as listed
        on {{ dbt.position("'|' || listed.metric || '|'", "'|' || metric_lists.metrics || '|'") }} > 0
    where listed.value_type = 'number'
        and listed.source = 'customer_metrics'
),

measured as (
    {{ named_metrics('customers', 'chosen_metrics', {'number': metric_columns('customer').number}) }}
),

final as (
    select
        clustered.customer_id,
        measured.as_of_date,
        clustered.customer_type,
        clustered.cluster_key,
        measured.metric,
        measured.metric_number
    from clustered
    inner join measured
        on clustered.customer_id = measured.customer_id
            and clustered.customer_type = measured.customer_type
            and clustered.metrics = measured.metrics
)

select * from final
