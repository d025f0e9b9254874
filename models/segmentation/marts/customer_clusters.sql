-- one row per customer with a cluster, at the current as_of_date
with clustered as (
    select * from {{ ref('stg_model__customer_clusters') }}
),

customers as (
    select * from {{ ref('customer_metrics') }}
),

measured as (
    select * from {{ ref('int_clusters__measured') }}
),

profiles as (
    select * from {{ ref('cluster_profiles') }}
),

-- The customer's reason names the main differences of the cluster.
phrases as (
    select
        measured.customer_id,
        profiles.difference_rank,
        profiles.metric_name_en,
        profiles.metric_name_zh,
        {{ number_text('measured.metric_number', 'profiles.unit') }} as number_text,
        {{ number_text('profiles.median_number', 'profiles.unit') }} as median_text,
        {{ number_text('profiles.population_median_number', 'profiles.unit') }}
            as population_median_text
    from measured
    inner join profiles
        on measured.cluster_key = profiles.cluster_key
            and measured.metric = profiles.metric
    where profiles.difference_rank <= 3
),

sentences as (
    select
        customer_id,
        {{ dbt.listagg(
            "metric_name_en || ' ' || coalesce(number_text, 'unknown') || ' (cluster '"
            ~ " || median_text || ', all ' || population_median_text || ')'",
            "'; '", 'order by difference_rank'
        ) }} as reason_en,
        {{ dbt.listagg(
            "metric_name_zh || ' ' || coalesce(number_text, '未知') || '（本群 '"
            ~ " || median_text || '，全体 ' || population_median_text || '）'",
            "'；'", 'order by difference_rank'
        ) }} as reason_zh
    from phrases
    group by customer_id
),

final as (
    select
        clustered.customer_id,
        customers.as_of_date,
        clustered.customer_type,
        clustered.cluster_key,
        clustered.method_version,
        clustered.name_en,
        clustered.name_zh,
        sentences.reason_en,
        sentences.reason_zh,
        cast(clustered.centre_distance as double) as centre_distance,
        cume_dist() over (
            partition by clustered.cluster_key order by clustered.centre_distance desc
        ) as typicality_rate,
        clustered.as_of_date as model_as_of_date,
        clustered.fitted_at
    from clustered
    inner join customers
        on clustered.customer_id = customers.customer_id
            and clustered.customer_type = customers.customer_type
    left join sentences
        on clustered.customer_id = sentences.customer_id
)

select * from final
