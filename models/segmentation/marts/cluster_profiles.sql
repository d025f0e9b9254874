-- one row per cluster and metric that its customers were cut by, at the current as_of_date
with measured as (
    select * from {{ ref('int_clusters__measured') }}
),

cluster_names as (
    select
        cluster_key,
        min(name_en) as name_en,
        min(name_zh) as name_zh
    from {{ ref('stg_model__customer_clusters') }}
    group by cluster_key
),

-- Equal values have equal ranks, in the middle of those they take up.
ranked as (
    select
        *,
        rank() over (partition by customer_type, metric order by metric_number)
        + cast(count(*) over equal_values - 1 as double) / 2 as middle_rank
    from measured
    where metric_number is not null
    window equal_values as (partition by customer_type, metric, metric_number)
),

clusters as (
    select
        as_of_date,
        customer_type,
        cluster_key,
        metric,
        count(*) as known_count,
        avg(middle_rank) as mean_rank,
        percentile_cont(0.5) within group (order by metric_number) as median_number
    from ranked
    group by as_of_date, customer_type, cluster_key, metric
),

populations as (
    select
        customer_type,
        metric,
        count(*) as known_count,
        percentile_cont(0.5) within group (order by metric_number) as median_number
    from ranked
    group by customer_type, metric
),

sizes as (
    select
        customer_type,
        cluster_key,
        count(distinct customer_id) as customer_count,
        sum(count(distinct customer_id)) over (partition by customer_type) as population_count
    from measured
    group by customer_type, cluster_key
),

-- Cliff's delta, from the mean rank of the cluster's customers among all.
compared as (
    select
        clusters.*,
        populations.median_number as population_median_number,
        round(
            (2 * clusters.mean_rank - populations.known_count - 1)
            / nullif(populations.known_count - clusters.known_count, 0),
            6
        ) as cliffs_delta
    from clusters
    inner join populations using (customer_type, metric)
),

final as (
    select
        compared.cluster_key,
        compared.metric,
        compared.as_of_date,
        compared.customer_type,
        cluster_names.name_en,
        cluster_names.name_zh,
        metrics.name_en as metric_name_en,
        metrics.name_zh as metric_name_zh,
        metrics.unit,
        sizes.customer_count,
        compared.known_count,
        cast(sizes.customer_count as double) / sizes.population_count as customer_share_rate,
        compared.median_number,
        compared.population_median_number,
        compared.cliffs_delta,
        row_number() over (
            partition by compared.cluster_key
            order by abs(compared.cliffs_delta) desc nulls last, compared.metric
        ) as difference_rank
    from compared
    inner join sizes using (cluster_key, customer_type)
    inner join cluster_names using (cluster_key)
    inner join {{ ref('metrics') }} as metrics using (metric)
)

select * from final
