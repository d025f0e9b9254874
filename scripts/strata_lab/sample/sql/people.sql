-- one row per person and company they work at; a few were at another company before
create table people as
with counted as (
    select
        organisations.*,
        1 + least(4, pick(entity_no, 'people', 3) + if(employee_count >= 350, 2, 0))
            as person_count,
        uniform(entity_no, 'job changer') < 0.08 and person_count >= 2 as may_hire,
    from organisations
    where pattern != 'holding'
),

paired as (
    select
        *,
        lag(if(person_count >= 2 and not may_hire, entity_no, null)) over neighbours as former_no,
        lag(known_day) over neighbours as former_known_day,
    from counted
    window neighbours as (partition by country order by entity_no)
),

numbered as (
    select
        paired.*,
        seq,
        entity_no * 8 + seq as person_no,
        -- Name, phone and addresses: the person's own, or those of the person at the former customer.
        if(
            seq = 2 and may_hire and former_known_day < 700 and former_no is not null,
            former_no * 8 + 2, entity_no * 8 + seq
        ) as human_no,
    from paired
    join range(1, 6) as sequence (seq) on seq <= person_count
),

movers as (
    select human_no from numbered where human_no != person_no
),

drawn as (
    select
        numbered.*,
        coalesce(accounts.account_id, first_accounts.account_id) as account_id,
        coalesce(accounts.created_moment, first_accounts.created_moment) as account_moment,
        day_of(accounts.created_moment) as entered_again_day,
        human_no in (from movers) as has_moved,
        1 + (human_no * 7919 + pick('people', 'serial', 99999989)) % 99999989 as serial,
        lpad(cast(serial as varchar), 8, '0') as digits,
    from numbered
    left join accounts as first_accounts
        on first_accounts.entity_no = numbered.entity_no and first_accounts.account_seq = 1
    left join accounts
        on accounts.entity_no = numbered.entity_no
        and accounts.account_seq = if(numbered.seq >= 3, 2, null)
),

named as (
    select
        drawn.*,
        identities.company_domain,
        identities.city,
        identities.province,
        case
            when drawn.country = 'CN' and seq = 1 then identities.mailbox_name
            when drawn.country = 'CN' then concat(surname.value, given.value)
            when seq = 1 then concat(given.value, ' ', identities.surname)
            else concat(given.value, ' ', surname.value)
        end as full_name,
        case
            when drawn.country = 'CN' and seq = 1 then identities.mailbox
            when drawn.country = 'CN' then concat(surname.ascii_value, given.ascii_value)
            when seq = 1 then concat(left(given.ascii_value, 1), '.', identities.surname_ascii)
            else concat(left(given.ascii_value, 1), '.', surname.ascii_value)
        end as mailbox,
    from drawn
    join identities using (entity_no)
    join word_pool as surname
        on surname.country = drawn.country and surname.position = pick(human_no, 'surname', 400)
        and surname.kind = if(drawn.country = 'CN', 'spelled surname', 'surname')
    join word_pool as given
        on given.country = drawn.country
        -- The first person's given name is the one that the company's mailbox abbreviates.
        and given.position = if(
            drawn.country != 'CN' and seq = 1, pick(entity_no, 'given', 400),
            pick(human_no, 'given', 400)
        )
        and given.kind = if(drawn.country = 'CN', 'spelled given', 'given')
),

addressed as (
    select
        *,
        if(
            has_moved, concat(replace(mailbox, '.', ''), right(digits, 4), '@example.net'),
            concat(mailbox, '@', company_domain)
        ) as email,
        case country
            when 'CN' then concat('+86', choose(human_no, 'mobile', [
                134, 147, 153, 155, 157, 170, 176, 178, 181, 183, 184
            ]), if(digits like '9%', concat('8', substr(digits, 2)), digits))
            when 'US' then concat('+1', choose(human_no, 'mobile', [917, 415, 702, 801, 919, 615]),
                2 + serial % 8, substr(digits, 3))
            when 'DE' then concat('+49', choose(human_no, 'mobile', [160, 170, 171, 175]),
                substr(digits, 2))
            else concat('+447', choose(human_no, 'mobile', [1, 2, 3]), digits)
        end as phone,
        if(
            country = 'CN' and uniform(human_no, 'wechat') < 0.65,
            concat(mailbox, '_', right(digits, 5)), null
        ) as wechat_id,
        case seq
            when 1 then choose(person_no, 'role', ['purchasing', 'purchasing', 'decision_maker'])
            when 2 then choose(person_no, 'role', ['user', 'technical', 'influencer'])
            when 3 then choose(person_no, 'role', ['decision_maker', 'user'])
            else choose(person_no, 'role', ['user', 'user', 'influencer', 'technical'])
        end as decision_role,
        greatest(
            known_day + if(seq = 1, 0, 3 + pick(person_no, 'met', 60)),
            -- Those under the second entry of a company cannot be older than it.
            coalesce(entered_again_day + 3, known_day),
            if(human_no != person_no, greatest(former_known_day, 0) + 250, known_day)
        ) as met_day,
    from named
),

-- A few people whose values occur nowhere else.
chosen as (
    select
        person_no,
        100 + row_number() over (order by draw(person_no, 'canary'), person_no) as canary_no,
    from addressed
    where account_id is not null and country != 'CN' and seq = 1 and not has_moved
    qualify canary_no <= 104
)

select
    addressed.* exclude (full_name, email, phone, wechat_id),
    canary_no is not null as is_canary,
    if(is_canary, canary_name(canary_no), full_name) as full_name,
    if(is_canary, canary_email(canary_no), email) as email,
    if(is_canary, canary_phone(canary_no), phone) as phone,
    if(is_canary, canary_wechat(canary_no), wechat_id) as wechat_id,
    greatest(
        office_time(least(met_day, 1090), utc_offset, uniform(person_no, 'met hour'),
            uniform(person_no, 'met minute')),
        account_moment + interval 20 minute
    ) as created_moment,
from addressed
left join chosen using (person_no)
order by person_no;
