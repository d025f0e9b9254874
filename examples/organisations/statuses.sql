-- what becomes of every input row: the first case that fits
select
    case
        when record_id is null then 'organisation, rejected: missing key'
        else 'organisation'
    end as status,
    count(*) as rows
from input
group by all
order by rows desc, status
