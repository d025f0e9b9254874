-- one row per customer code: which entity it stands for, and since when
create table records as
with first_orders as (
    select
        entity_no,
        record_seq,
        min(moment) as first_moment,
    from orders
    where entity_no is not null
    group by entity_no, record_seq
),

listed as (
    select
        entities.entity_no,
        sequence.record_seq,
        entities.has_record,
        coalesce(
            first_orders.first_moment
                - to_seconds(300 + pick(entities.entity_no, 'registered', 100000)),
            cast(getvariable('last_date') as timestamp) - to_seconds(pick(
                concat(entities.entity_no, '.', sequence.record_seq), 'registered', 1000 * 86400
            ))
        ) as created_moment,
    from entities
    join (values (1), (2)) as sequence (record_seq)
        on sequence.record_seq = 1
        or (entities.shared_identifier is not null and entities.has_record)
    left join first_orders using (entity_no, record_seq)
)

select
    concat('C', lpad(cast(row_number() over (
        order by created_moment, entity_no, record_seq
    ) as varchar), 8, '0')) as customer_code,
    *,
from listed
order by customer_code;
