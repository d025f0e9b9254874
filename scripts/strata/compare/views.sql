-- Differences between two releases. Their public databases are attached as before and after, the
-- private ones as before_private and after_private. Views customer_segments, customer_tags and
-- customer_id_aliases hold the rows of both, with their side.

create temp view published_columns as
select
    string_split(database_name, '_')[1] as side,
    if(schema_name = 'main', '', schema_name || '.') || table_name as table_name,
    column_name,
    data_type
from duckdb_columns()
where database_name in ('before', 'after', 'before_private', 'after_private')
    -- Tables that strata explain replays are not for users.
    and schema_name not in ('staging', 'intermediate', 'policy');

-- One row per column that one release lacks or has in another type, and per table that one release
-- lacks, without a column.
create temp view schema_changes as
with columns_of_both as (
    select
        table_name,
        column_name,
        max(data_type) filter (side = 'before') as before,
        max(data_type) filter (side = 'after') as after,
        count(before) over (partition by table_name) > 0 as is_before,
        count(after) over (partition by table_name) > 0 as is_after
    from published_columns
    group by table_name, column_name
)

select table_name, column_name, before, after
from columns_of_both
where is_before and is_after and before is distinct from after
union all
select distinct
    table_name,
    null,
    case when is_before then 'table' end,
    case when is_after then 'table' end
from columns_of_both
where is_before <> is_after
order by all;

-- One row per customer: its id in each release. Of customers who are one today, the one whose id
-- was kept stands for all; the others are merged.
create temp view customers as
with known_before as (
    select
        segments.customer_id as id_before,
        coalesce(aliases.current_customer_id, segments.customer_id) as id_today
    from customer_segments as segments
    left join customer_id_aliases as aliases
        on segments.customer_id = aliases.customer_id and aliases.side = 'after'
    where segments.side = 'before'
),

first_of_each as (
    select *
    from known_before
    qualify row_number() over (
        partition by id_today order by id_before <> id_today, id_before
    ) = 1
)

select
    first_of_each.id_before,
    segments.customer_id as id_after
from first_of_each
full join (select customer_id from customer_segments where side = 'after') as segments
    on first_of_each.id_today = segments.customer_id;

create temp view customer_counts as
select
    count(*) filter (id_before is not null and id_after is not null) as in_both,
    count(*) filter (id_before <> id_after) as with_another_id,
    count(*) filter (id_before is null) as new,
    count(*) filter (id_after is null) as gone,
    (select count(*) from customer_segments where side = 'before') - count(id_before) as merged
from customers;

-- One row per tier and customer type whose customers or value differ; the value in base currency.
create temp view tiers as
select
    customer_type,
    tier_key,
    count(*) filter (side = 'before') as customers_before,
    count(*) filter (side = 'after') as customers_after,
    round(coalesce(sum(own_value_amount) filter (side = 'before'), 0)::double, 4) as value_before,
    round(coalesce(sum(own_value_amount) filter (side = 'after'), 0)::double, 4) as value_after
from customer_segments
group by customer_type, tier_key
having customers_before <> customers_after or value_before <> value_after
order by customer_type, value_after desc, value_before desc, tier_key;

-- One row per label that customers of both releases left and the one that they came to. A customer
-- may have several tags: a row per tag lost or got. Labels that only one release has are no moves.
create temp view moves as
with known as (
    select table_name, column_name
    from published_columns
    group by table_name, column_name
    having count(distinct side) = 2
),

labels as (
    from (
        select side, customer_id, columns('^(customer_type|.*_key)$')::varchar
        from customer_segments
    ) unpivot include nulls (label for column_name in (columns('^(customer_type|.*_key)$')))
),

relabelled as (
    select
        replace(known.column_name, '_key', '') as dimension,
        labels_before.label as before,
        labels_after.label as after,
        count(*) as customers
    from customers
    inner join labels as labels_before
        on customers.id_before = labels_before.customer_id and labels_before.side = 'before'
    inner join labels as labels_after
        on customers.id_after = labels_after.customer_id and labels_after.side = 'after'
            and labels_before.column_name = labels_after.column_name
    inner join known
        on labels_before.column_name = known.column_name
            and known.table_name = 'customer_segments'
            and known.column_name <> 'policy_key'
    where labels_before.label is distinct from labels_after.label
    group by all
),

tags_before as (
    select customers.*, tags.tag_key
    from customers inner join customer_tags as tags
        on customers.id_before = tags.customer_id and tags.side = 'before'
    where customers.id_after is not null
),

tags_after as (
    select customers.*, tags.tag_key
    from customers inner join customer_tags as tags
        on customers.id_after = tags.customer_id and tags.side = 'after'
    where customers.id_before is not null
),

retagged as (
    select
        'tag' as dimension,
        tags_before.tag_key as before,
        tags_after.tag_key as after,
        count(*) as customers
    from tags_before
    full join tags_after
        on tags_before.id_after = tags_after.id_after and tags_before.tag_key = tags_after.tag_key
    where (tags_before.tag_key is null or tags_after.tag_key is null)
        and exists (from known where table_name = 'customer_tags')
    group by all
)

from (from relabelled union all from retagged)
order by
    dimension <> 'tier', dimension <> 'lifecycle_stage', dimension, customers desc, before, after;
