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
)

select
    entity_no,
    canary_no,
    canary_name(canary_no) as customer_name,
    canary_email(canary_no) as email,
    canary_phone(canary_no) as phone,
    concat(canary_no, ' Quillfeather Lane') as address,
    canary_wechat(canary_no) as wechat_id,
from chosen
order by canary_no;

-- Other systems know them by the same values.
update identities
set customer_name = canaries.customer_name,
    email = canaries.email,
    phone = canaries.phone,
    address = canaries.address
from canaries
where canaries.entity_no = identities.entity_no;
