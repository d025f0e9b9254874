-- what becomes of every input row: the first case that fits
select
    case
        when coalesce(lower(entity_type), 'customer') <> 'customer' then 'row of another entity type'
        when record_id is null then 'person, rejected: missing key'
        else 'person'
    end as status,
    count(*) as rows
from input
group by all
order by rows desc, status
