-- one row per subscriber; `reader` is the key of their consent
create table subscribers as
with listed as (
    select
        entities.entity_no, cast(entities.entity_no as varchar) as reader, customer_type,
        entities.country, entities.utc_offset, pattern, last_day,
        identities.customer_name as full_name, identities.email, identities.phone, identities.city,
        coalesce(canaries.wechat_id, consumer_wechat(entities.entity_no, entities.country))
            as wechat_id,
        canaries.entity_no is not null as is_canary,
        not_after_end(greatest(
            records.created_moment
                + to_hours(24 * pick(entities.entity_no, 'subscribed', 90) - 24 * 30),
            cast(date_of(0) as timestamp)
        )) as created_moment,
    from entities
    join identities using (entity_no)
    join records on records.entity_no = entities.entity_no and record_seq = 1
    left join canaries on canaries.entity_no = entities.entity_no
    where customer_type = 'consumer' and entities.has_record
        and (subscribes(entities.entity_no) or canaries.entity_no is not null)
    union all
    select
        entity_no, concat('p', person_no), 'business', country, utc_offset, pattern, active_to_day,
        full_name, email, phone, city, wechat_id, false,
        greatest(
            created_moment + interval 3 hour, cast(date_of(3) as timestamp) + interval 10 hour
        ),
    from people
    where account_id is not null and uniform(person_no, 'subscribes') < 0.35 and not has_moved
        and not is_canary
    union all
    select
        leads.entity_no, cast(leads.entity_no as varchar), 'consumer', leads.country,
        leads.utc_offset, 'lead', 1095,
        if(canary_no is null, customer_name, canary_name(canary_no)),
        if(canary_no is null, email, canary_email(canary_no)),
        if(canary_no is null, phone, canary_phone(canary_no)),
        city,
        if(canary_no is null, consumer_wechat(leads.entity_no, leads.country),
            canary_wechat(canary_no)),
        canary_no is not null,
        home_time(first_seen_day, leads.utc_offset, uniform(leads.entity_no, 'hour'),
            uniform(leads.entity_no, 'minute')),
    from leads
    join identities using (entity_no)
    left join (
        select entity_no, 500 + row_number() over (order by entity_no) as canary_no,
        from leads
        where kind = 'reader' and country = 'US'
        qualify canary_no <= 503
    ) as chosen using (entity_no)
    where kind = 'reader'
)

select
    row_number() over (order by created_moment, entity_no, reader) as subscriber_no,
    key_of('SB', subscriber_no) as subscriber_id,
    *,
    draw(subscriber_id, 'written') as dice,
    -- Consents and interest of the reader.
    opted_in(reader, 'email') as takes_email,
    opted_in(reader, 'sms') as takes_sms,
    opted_in(reader, 'wechat') as takes_wechat,
    not not_to_be_contacted(reader) and uniform(reader, 'opted out') < 0.5 as took_all_before,
    uniform(reader, 'interest') as interest,
from listed
order by subscriber_no;

create table marketing_subscribers as
select
    subscriber_id,
    if(roll(dice, 0) < 0.04 and not is_canary, upper(email), email) as email,
    if(roll(dice, 1) < 0.15 and not is_canary, null, phone) as phone,
    wechat_id,
    if(roll(dice, 2) < 0.15 and not is_canary, null, full_name) as full_name,
    if(roll(dice, 3) < 0.3, null, city) as city,
    choose(subscriber_id, 'source', if(customer_type = 'business',
        ['exhibition', 'website', 'webinar', 'sales team'],
        ['web shop', 'web shop', 'wechat', 'wechat', 'newsletter', 'health day'])) as source,
    consent(reader, 'email') as email_opt_in,
    consent(reader, 'sms') as sms_opt_in,
    consent(reader, 'wechat') as wechat_opt_in,
    consent(reader, 'phone') as phone_opt_in,
    case
        when not_to_be_contacted(reader) then choose(reader, 'contact word', ['yes', '是', 'true'])
        else choose(reader, 'contact word', ['no', 'no', 'no', '否', '0', null])
    end as do_not_contact,
    time_as_written(created_moment, uniform(subscriber_id, 'time')) as created_at,
    plain_time(not_after_end(
        created_moment + to_days(cast(pick(subscriber_id, 'changed', 400) as integer))
    )) as updated_at,
from subscribers;
