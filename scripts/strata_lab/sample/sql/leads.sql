-- one row per organisation or person that other systems know and that has no customer code: leads
-- who never bought, companies on trial, holdings above customers, readers of the newsletter
create table leads as
with counted as (
    select
        getvariable('customers') // 250 as holdings,
        getvariable('customers') * 3 // 100 as companies,
        getvariable('customers') * 6 // 100 as readers,
),

numbered as (
    select
        range + 1 as lead_no,
        getvariable('customers') + range + 1 as entity_no,
        -- Goes on where the serials of the customers end.
        1 + ((getvariable('customers') + range + 1) * 48271 + pick('serial', 'serial', 99999989))
            % 99999989 as serial,
        case
            when range < holdings then 'holding'
            when range >= holdings + companies then 'reader'
            when uniform(range, 'lead kind') < 0.3 then 'trial'
            else 'lead'
        end as kind,
    from counted, range(getvariable('customers') // 250 + getvariable('customers') * 3 // 100
        + getvariable('customers') * 6 // 100)
)

select
    *,
    key_of('L', lead_no) as entity_id,
    if(kind = 'reader', 'consumer', 'business') as customer_type,
    case
        when kind = 'holding' or uniform(entity_no, 'country') < 0.70 then 'CN'
        when uniform(entity_no, 'country') < 0.83 then 'US'
        when uniform(entity_no, 'country') < 0.92 then 'DE'
        else 'GB'
    end as country,
    case country when 'CN' then 'CNY' when 'US' then 'USD' else 'EUR' end as currency,
    case country when 'CN' then 8 when 'US' then -5 when 'DE' then 1 else 0 end as utc_offset,
    case kind
        when 'trial' then 1095 - 4 - pick(entity_no, 'first seen', 90)
        when 'holding' then pick(entity_no, 'first seen', 200)
        else 400 + pick(entity_no, 'first seen', 680)
    end as first_seen_day,
from numbered
order by entity_no;

-- one row per customer and lead
create table parties as
select entity_no, entity_id, customer_type, country, utc_offset, pattern from entities
union all
select entity_no, entity_id, customer_type, country, utc_offset, kind from leads;
