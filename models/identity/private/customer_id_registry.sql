-- one row per source record and customer_id it was given, oldest first by assignment_number
with clusters as (
    select
        clusters.cluster_key,
        clusters.record_key,
        records.first_seen_date
    from {{ ref('int_identity__clusters') }} as clusters
    inner join {{ ref('int_identity__records') }} as records
        on clusters.record_key = records.record_key
),

as_of as (
    select as_of_date from {{ ref('as_of_dates') }} where is_current
),

registered as (
    {% if is_incremental() %}
    select
        record_key,
        customer_id,
        assigned_at,
        assignment_number,
        row_number() over (partition by record_key order by assignment_number desc)
            as newest_number
    from {{ this }}
    {% else %}
    select
        cast(null as varchar) as record_key,
        cast(null as varchar) as customer_id,
        cast(null as date) as assigned_at,
        cast(null as integer) as assignment_number,
        cast(null as bigint) as newest_number
    where false
    {% endif %}
),

known_ids as (
    select
        customer_id,
        min(assigned_at) as first_assigned_at
    from registered
    group by customer_id
),

-- Where the records of every known id are now.
id_parts as (
    select
        registered.customer_id,
        clusters.cluster_key,
        count(*) as record_count,
        min(clusters.first_seen_date) as first_seen_date
    from clusters
    inner join registered
        on clusters.record_key = registered.record_key
            and registered.newest_number = 1
    group by registered.customer_id, clusters.cluster_key
),

-- After a split the larger part keeps the id.
id_homes as (
    select
        customer_id,
        cluster_key,
        first_seen_date,
        row_number() over (
            partition by customer_id
            order by record_count desc, first_seen_date nulls last, cluster_key
        ) as home_rank
    from id_parts
),

-- After a merge the older id survives.
kept_ids as (
    select
        id_homes.cluster_key,
        id_homes.customer_id,
        row_number() over (
            partition by id_homes.cluster_key
            order by
                known_ids.first_assigned_at,
                id_homes.first_seen_date nulls last,
                id_homes.customer_id
        ) as survivor_rank
    from id_homes
    inner join known_ids
        on id_homes.customer_id = known_ids.customer_id
    where id_homes.home_rank = 1
),

oldest_records as (
    select
        cluster_key,
        record_key,
        row_number() over (
            partition by cluster_key order by first_seen_date nulls last, record_key
        ) as age_rank
    from clusters
),

-- A new id is the hash of the oldest record (64 bits: among a million ids two collide with a
-- probability below 1 in 10 million); one that is already taken (by the part that kept it)
-- is hashed with the number of the assignment as well, which a record never has twice.
new_ids as (
    select
        oldest_records.cluster_key,
        case
            when known_ids.customer_id is null
                then 'cus_' || substr(md5(oldest_records.record_key), 1, 16)
            else 'cus_' || substr(md5(
                oldest_records.record_key || '/'
                || cast(coalesce(registered.assignment_number, 0) + 1 as varchar)
            ), 1, 16)
        end as customer_id
    from oldest_records
    left join known_ids
        on 'cus_' || substr(md5(oldest_records.record_key), 1, 16) = known_ids.customer_id
    left join registered
        on oldest_records.record_key = registered.record_key
            and registered.newest_number = 1
    where oldest_records.age_rank = 1
),

assignments as (
    select
        clusters.record_key,
        coalesce(kept_ids.customer_id, new_ids.customer_id) as customer_id,
        as_of.as_of_date as assigned_at,
        cast(coalesce(registered.assignment_number, 0) + 1 as integer) as assignment_number,
        cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as timestamp)
            as build_started_at
    from clusters
    cross join as_of
    inner join new_ids
        on clusters.cluster_key = new_ids.cluster_key
    left join kept_ids
        on clusters.cluster_key = kept_ids.cluster_key
            and kept_ids.survivor_rank = 1
    left join registered
        on clusters.record_key = registered.record_key
            and registered.newest_number = 1
    where registered.customer_id is null
        or registered.customer_id <> coalesce(kept_ids.customer_id, new_ids.customer_id)
)

select * from assignments
