-- one row per login of the software: people and colleagues of subscribers, and consumers' app
create table users as
with seats as (
    select
        organisations.*,
        unnest(range(1, 1 + case plan
            when 'trial' then 1 + pick(entity_no, 'seats', 2)
            when 'basic' then 1 + pick(entity_no, 'seats', 3)
            when 'professional' then 3
            else 5
        end)) as seat,
    from organisations
    where subscription != 'none'
),

listed as (
    select
        seats.entity_no,
        seat,
        first_accounts.account_id,
        coalesce(people.email, concat(
            ['office', 'lab', 'ward', 'nurse', 'device'][seat], seat, '@',
            identities.company_domain
        )) as email,
        people.phone,
        -- A person whose address the CRM has need not be entered under an account.
        contacts.contact_id is not null and roll(written_dice, 0) >= 0.14 as is_known_by_email,
        people.seq is not null as is_person,
        seats.country,
        seats.utc_offset,
        seats.plan,
        seats.start_day - if(seats.has_tried, 30, 0) as from_day,
        least(1095, seats.end_day) as to_day,
        seats.falls_from_day,
        seats.falls_to,
        0.25 + 1.1 * uniform(concat(seats.entity_no, '.', seat), 'eager') as eagerness,
    from seats
    join identities using (entity_no)
    left join accounts as first_accounts
        on first_accounts.entity_no = seats.entity_no and first_accounts.account_seq = 1
    left join people on people.person_no = seats.entity_no * 8 + seat
    left join contacts on contacts.person_no = people.person_no
    where not coalesce(has_moved, false)
    union all
    select
        entities.entity_no, 0, null, identities.email,
        if(phones.is_shared, null, identities.phone), true, true, entities.country,
        entities.utc_offset, 'app', greatest(0, entities.first_day),
        if(pattern in ('lapsed', 'one_time'), least(1095, last_day + 40), 1095),
        case pattern
            when 'fading' then least(990, last_day - 70)
            when 'lapsed' then cools_from_day
        end,
        0.2, 0.4,
    from entities
    join identities using (entity_no)
    join phones using (entity_no)
    where customer_type = 'consumer' and has_record and pattern != 'never_bought'
        and uniform(entity_no, 'app') < 0.06
),

placed as (
    select
        *,
        least(
            1094, to_day - 1,
            from_day + if(seat <= 1, 0, below(uniform(concat(entity_no, '.', seat), 'joined'), 40))
        ) as joined_day,
        office_time(
            joined_day, utc_offset, uniform(concat(entity_no, '.', seat), 'joined hour'),
            uniform(concat(entity_no, '.', seat), 'joined minute')
        ) as created_moment,
    from listed
),

-- Addresses that occur nowhere else.
chosen as (
    select
        entity_no, seat,
        300 + row_number() over (order by draw(entity_no, 'canary'), entity_no, seat)
            as canary_no,
    from placed
    where not is_person and account_id is not null
    qualify canary_no <= 303
)

select
    row_number() over (order by created_moment, entity_no, seat) as user_no,
    key_of('U', user_no) as user_id,
    placed.* replace (
        if(canary_no is null, email, canary_email(canary_no)) as email
    ),
    canary_no,
from placed
left join chosen using (entity_no, seat)
order by user_no;

create table product_users as
select
    user_id,
    if(is_known_by_email and uniform(user_id, 'no account') < 0.12, null, account_id) as account_id,
    if(uniform(user_id, 'loud') < 0.04 and canary_no is null, upper(email), email) as email,
    if(uniform(user_id, 'no phone') < 0.5, null, phone) as phone,
    exact_time(created_moment, uniform(user_id, 'time')) as created_at,
    plain_time(not_after_end(created_moment + interval 5 minute)) as updated_at,
from users;
