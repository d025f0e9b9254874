-- one row per customer and lead: whether others have the same phone, as households and towers do
create table phones as
select
    entity_no,
    count(*) over (partition by phone) > 1 as is_shared,
from identities;
