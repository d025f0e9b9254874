-- one row per contact of the CRM: people at companies, and consumers without an account
create table contacts as
with listed as (
    select
        entity_no, person_no, account_id, full_name, email, phone, wechat_id, decision_role,
        country, city, province, created_moment, human_no, is_canary,
    from people
    where account_id is not null
    union all
    select
        entities.entity_no, null, null, identities.customer_name, identities.email,
        -- One person, two phones: the second one is only known here.
        if(
            entities.country = 'CN' and uniform(entity_no, 'second phone') < 0.12,
            concat('+86', choose(entity_no, 'second phone prefix', [166, 191, 198, 199]),
                lpad(cast(entities.serial as varchar), 8, '0')),
            identities.phone
        ),
        coalesce(canaries.wechat_id, consumer_wechat(entity_no, entities.country)), null,
        entities.country, identities.city, identities.province,
        not_after_end(records.created_moment
            + to_days(cast(pick(entity_no, 'became contact', 40) as integer))),
        null, canaries.entity_no is not null,
    from entities
    join identities using (entity_no)
    join records on records.entity_no = entities.entity_no and records.record_seq = 1
    left join canaries on canaries.entity_no = entities.entity_no
    where customer_type = 'consumer' and entities.has_record
        and (uniform(entities.entity_no, 'contact') < 0.3 or canaries.entity_no is not null)
)

select
    key_of('CT', row_number() over (order by created_moment, entity_no, person_no)) as contact_id,
    *,
    draw(contact_id, 'written') as written_dice,
    age_of(entity_no) as age,
from listed
order by contact_id;

create table crm_contacts as
select
    contact_id,
    account_id,
    full_name,
    case
        when is_canary or roll(written_dice, 0) >= 0.14
            then spaced(email, uniform(contact_id, 'space'))
        when roll(written_dice, 0) < 0.03 then upper(email)
        when roll(written_dice, 0) < 0.04 then '无'
    end as email,
    case
        when is_canary then phone
        when roll(written_dice, 1) < 0.12 then null
        when country = 'CN' and roll(written_dice, 1) < 0.7 then substr(phone, 4)
        else phone
    end as phone,
    wechat_id,
    if(
        account_id is not null or is_canary or uniform(entity_no, 'crm national id') < 0.9, null,
        national_id_of(entity_no, country)
    ) as national_id,
    case
        when decision_role is null or roll(written_dice, 2) < 0.18 then null
        else said(decision_role, case decision_role
            when 'user' then '使用者' when 'influencer' then '影响者' when 'technical' then '技术把关者'
            when 'purchasing' then '采购' else '决策者'
        end, if(country = 'CN', uniform(contact_id, 'role'), 1))
    end as decision_role,
    if(
        account_id is not null or roll(written_dice, 3) < 0.35, null,
        cast(born_on(entity_no) as varchar)
    ) as birth_date,
    if(
        account_id is not null or uniform(contact_id, 'gender known') < 0.25, null,
        choose(contact_id, 'gender', ['female', 'female', 'F', '女', 'male', 'male', '男'])
    ) as gender,
    if(account_id is not null or uniform(contact_id, 'occupation known') < 0.5, null, choose(
        contact_id, 'occupation', case
            when age >= 61 then [if(country = 'CN', '退休', 'retired')]
            when country = 'CN'
                then ['教师', '公务员', '企业职员', '企业职员', '自由职业', '医护人员', '工程师']
            else ['teacher', 'engineer', 'nurse', 'clerk', 'self-employed']
        end)) as occupation,
    if(account_id is not null or uniform(contact_id, 'income known') < 0.55, null, choose(
        contact_id, 'income', ['under 100k', '100k-200k', '100k-200k', '200k-300k', 'over 300k']
    )) as income_band,
    if(account_id is not null or uniform(contact_id, 'education known') < 0.55, null, choose(
        contact_id, 'education', ['secondary', 'vocational', 'bachelor', 'bachelor', 'master']
    )) as education,
    city,
    province,
    choose(contact_id, 'country', case country
        when 'CN' then ['CN', '中国', null] when 'US' then ['US', 'USA']
        when 'DE' then ['DE'] else ['GB', 'UK']
    end) as country,
    time_as_written(created_moment, uniform(contact_id, 'time')) as created_at,
    plain_time(not_after_end(created_moment
        + to_days(cast(1 + pick(contact_id, 'changed', 300) as integer)))) as updated_at,
from contacts;
