-- what becomes of every input row
select
    case when record_id is null then 'record, rejected: missing key' else 'record' end as status,
    count(*) as rows
from input
group by all
order by rows desc, status
