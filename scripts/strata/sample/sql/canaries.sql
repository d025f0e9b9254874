-- one row per entity whose record carries values that occur nowhere else
create table canaries as
with chosen as (
    select
        entity_no,
        row_number() over (order by draw(entity_no, 'canary'), entity_no) as canary_no,
    from entities
    join identities using (entity_no)
    where entities.customer_type = 'consumer' and entities.country in ('US', 'GB')
        and entities.has_record and entities.shared_identifier is null
        and not identities.joins_household
    order by canary_no
    limit 12
),

numbered as (
    select
        entity_no,
        lpad(cast(canary_no as varchar), 4, '0') as digits,
        canary_no,
    from chosen
)

select
    entity_no,
    concat('Canary Quillfeather-', digits) as customer_name,
    concat('canary.', digits, '@quillfeather.example') as email,
    -- Alaska: no other phone of the sample begins with +1907.
    concat('+1907220', digits) as phone,
    concat(canary_no, ' Quillfeather Lane') as address,
from numbered
order by canary_no;
