-- Records of customers for a benchmark. Needs the variable records (how many); the same number gives
-- the same rows. Twenty records stand for fourteen customers: ten have one, three two, one four.
create or replace temp macro unit(number, salt) as
    cast(hash(number, salt) % 1000003 as double) / 1000003;

create or replace temp macro pick(number, salt, words) as
    list_extract(words, cast(hash(number, salt) % len(words) as bigint) + 1);

create or replace temp macro syllable(number, salt) as
    pick(number, salt, [
        'ba', 'chen', 'da', 'el', 'fa', 'gor', 'han', 'is', 'jo', 'ka', 'lin', 'mar', 'no', 'os',
        'pe', 'qi', 'ro', 'san', 'ta', 'ul', 'ven', 'wei', 'xu', 'yan', 'zo'
    ]);

create or replace temp macro city(number) as
    pick(number, 'city', ['Shanghai', 'Beijing', 'Shenzhen', 'Chengdu', 'Wuhan', 'Xiamen', 'Dalian']);

create or replace temp macro full_width(word) as translate(
    word, 'abcdefghijklmnopqrstuvwxyz', 'ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ'
);

create or replace temp view benchmark_entities as
with numbered as (
    select
        number + 1 as number,  -- a customer code of 0 is a guest's
        number // 20 * 14 + list_extract(
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 11, 11, 12, 12, 13, 13, 13, 13], number % 20 + 1
        ) as entity
    from range(getvariable('records')) as numbers (number)
)

-- A tenth of the people live by fours, with one surname, phone and address.
select
    number,
    entity,
    unit(entity, 'kind') < 0.15 as is_business,
    unit(entity // 4, 'household') < 0.1 as is_household,
    case when unit(entity // 4, 'household') < 0.1 then -(entity // 4) - 1 else entity end as home
from numbered;

create or replace temp view benchmark_records as
with people as (
    select
        number,
        entity,
        home,
        syllable(entity, 'g1') || syllable(entity, 'g2') as given_name,
        syllable(home, 's1') || syllable(home, 's2') || syllable(home, 's3') as surname,
        cast(date '1940-01-01' + cast(hash(entity, 'birth') % 24000 as integer) as varchar) as born,
        format('13{:09d}', hash(home, 'phone') % 1000000000) as own_phone,
        format('user{}@{}.example', entity, syllable(entity, 'host')) as own_email,
        unit(number, 'fault') as fault,
        unit(number, 'table') as table_draw
    from benchmark_entities
    where not is_business
),

organisations as (
    select
        number,
        entity,
        format(
            '{}{} {}{} {}', syllable(entity, 'o1'), syllable(entity, 'o2'), syllable(entity, 'o3'),
            syllable(entity, 'o4'),
            pick(entity, 'trade', ['Medical', 'Trading', 'Foods', 'Systems', 'Clinic'])
        ) as stem,
        format('91310000MA{:08d}', entity) as own_tax_id,
        unit(number, 'fault') as fault,
        unit(number, 'table') as table_draw
    from benchmark_entities
    where is_business
)

select
    number,
    entity,
    case
        when table_draw < 0.60 then 'erp_customers'
        when table_draw < 0.75 then 'crm_contacts'
        when table_draw < 0.90 then 'marketing_subscribers'
        else 'product_users'
    end as table_name,
    'consumer' as customer_type,
    -- Spelled in capitals, with a title, in full width, with a slip of the finger.
    case
        when fault < 0.05 then upper(given_name || ' ' || surname)
        when fault < 0.08 then 'Mr. ' || given_name || ' ' || surname
        when fault < 0.11 then full_width(given_name) || '　' || full_width(surname)
        when fault < 0.14 then given_name || ' ' || surname[2:]
        when fault < 0.16 then 'N/A'
        else given_name || ' ' || surname
    end as customer_name,
    case when unit(number, 'born') < 0.7 then born end as birth_date,
    case
        when fault between 0.20 and 0.21 then 'info@example.com'
        when fault between 0.21 and 0.22 then 'test@test.com'
        when fault between 0.22 and 0.30 then null
        when fault between 0.30 and 0.35 then upper(own_email)
        else own_email
    end as email,
    case
        when unit(number, 'phone fault') < 0.010 then '13800138000'  -- the shop's own
        when unit(number, 'phone fault') < 0.015 then '00000000'
        when unit(number, 'phone fault') < 0.300 then null
        when unit(number, 'phone fault') < 0.500 then '+86 ' || own_phone
        else own_phone
    end as phone,
    cast(null as varchar) as tax_id,
    format('{} {} Road', hash(home, 'house') % 200 + 1, syllable(home, 'r1') || syllable(home, 'r2'))
        as address,
    city(home) as city,
    format('{:06d}', hash(home, 'postcode') % 4000 + 200000) as postcode
from people

union all

select
    number,
    entity,
    case when table_draw < 0.5 then 'erp_customers' else 'crm_accounts' end as table_name,
    'business' as customer_type,
    case
        when fault < 0.3 then stem || ' Co., Ltd'
        when fault < 0.4 then upper(stem) || ' LTD'
        when fault < 0.5 then stem || ' 有限公司'
        else stem
    end as customer_name,
    cast(null as varchar) as birth_date,
    cast(null as varchar) as email,
    cast(null as varchar) as phone,
    case
        when unit(number, 'tax') < 0.02 then '无'
        when unit(number, 'tax') < 0.80 then own_tax_id
    end as tax_id,
    cast(null as varchar) as address,
    city(entity) as city,
    cast(null as varchar) as postcode
from organisations;
