-- one row per person who asks to be forgotten
create table erasures as
with chosen as (
    select
        entities.entity_no, email, phone, customer_code,
        row_number() over (order by draw(entities.entity_no, 'erasure'), entities.entity_no)
            as place,
    from entities
    join identities using (entity_no)
    join records on records.entity_no = entities.entity_no and record_seq = 1
    join phones on phones.entity_no = entities.entity_no
    where customer_type = 'consumer' and entities.has_record and not phones.is_shared
        and pattern in ('one_time', 'lapsed', 'never_bought') and entities.shared_identifier is null
        and entities.entity_no not in (select entity_no from canaries)
    qualify place <= 8
)

select
    key_of('ER', place) as request_id,
    entity_no,
    case when place <= 5 then 'email' when place <= 7 then 'phone' else 'customer_code' end
        as identifier_type,
    case when place <= 5 then email when place <= 7 then phone else customer_code end as identifier,
    office_time(1080 + place, 8, uniform(place, 'erasure hour'), uniform(place, 'erasure minute'))
        as moment,
from chosen
union all
select
    key_of('ER', 9), null, 'email', 'nobody@example.info',
    cast(date_of(1085) as timestamp) + interval 11 hour;

create table feedback_erasure_requests as
select
    request_id, identifier_type, identifier,
    exact_time(moment, uniform(request_id, 'time')) as requested_at,
    plain_time(moment) as updated_at,
from erasures;
