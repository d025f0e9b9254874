-- what becomes of every input row: the first case that fits
select
    case
        when record_id is null then 'organisation, rejected: missing key'
        else 'organisation'
    end as fate,
    count(*) as rows
from input
group by all
order by rows desc, fate
