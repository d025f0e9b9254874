-- what becomes of every input row
select
    case when record_id is null then 'record, rejected: missing key' else 'record' end as fate,
    count(*) as rows
from input
group by all
order by rows desc, fate
