-- erp_customers as exported: first and second records of an entity, untidily kept
create table erp_customers as
with known as (
    select
        records.customer_code,
        records.record_seq,
        records.created_moment,
        entities.customer_type,
        organisations.industry,
        identities.*,
        canaries.entity_no is not null as is_canary,
        canaries.customer_name as canary_name,
        canaries.email as canary_email,
        canaries.phone as canary_phone,
        canaries.address as canary_address,
        -- A second record repeats what it shares with the first; the rest may be missing.
        records.record_seq = 2 as is_second,
    from records
    join entities using (entity_no)
    join identities using (entity_no)
    left join organisations using (entity_no)
    left join canaries using (entity_no)
    where records.has_record
),

filled as (
    select
        *,
        case
            when is_canary then canary_email
            when shared_identifier = 'email' then email
            when is_second then null
            when uniform(customer_code, 'bad email') < 0.03
                then choose(customer_code, 'bad email word', [
                    'test@test.com', '无', 'N/A', 'noreply@example.com'
                ])
            when uniform(customer_code, 'no email') < if(country = 'CN', 0.15, 0.08) then null
            else email
        end as given_email,
        case
            when is_canary then canary_phone
            when shared_identifier = 'phone_and_name' then phone
            when is_second then null
            when uniform(customer_code, 'bad phone') < 0.03
                then choose(customer_code, 'bad phone word', [
                    '无', 'N/A', '00000000', '13800000000', '-'
                ])
            when uniform(customer_code, 'no phone') < 0.07 then null
            else phone
        end as given_phone,
        case
            when shared_identifier = 'tax_id' then tax_id
            when is_second or customer_type = 'consumer' then null
            when uniform(customer_code, 'bad tax id') < 0.03 then '无'
            when uniform(customer_code, 'no tax id') < 0.12 then null
            else tax_id
        end as given_tax_id,
        case
            when shared_identifier = 'member_id' then member_id
            when is_second or uniform(customer_code, 'no member id') < 0.5 then null
            else member_id
        end as given_member_id,
        created_moment + to_seconds(5 + cast(floor(
            uniform(customer_code, 'written') * epoch(
                cast(getvariable('last_date') as timestamp) + interval 86390 second - created_moment
            )
        ) as bigint)) as updated_moment,
        uniform(customer_code, 'version') as version_draw,
    from known
),

written as (
    select
        customer_code,
        is_canary,
        case
            when is_canary then canary_name
            when country != 'CN' and (is_second or uniform(customer_code, 'upper') < 0.03)
                then upper(customer_name)
            else spaced(customer_name, uniform(customer_code, 'space'))
        end as customer_name,
        case
            when customer_type = 'business'
                then choose(customer_code, 'type', ['business', 'business', 'Business', '企业'])
            else choose(customer_code, 'type', ['consumer', 'consumer', 'Consumer', '个人', null])
        end as customer_type,
        case
            when is_canary or given_email is null then given_email
            when is_second or uniform(customer_code, 'loud email') < 0.06 then upper(given_email)
            else spaced(given_email, uniform(customer_code, 'email space'))
        end as email,
        case
            when is_canary or given_phone is null or not starts_with(given_phone, '+')
                then given_phone
            when country = 'CN' and starts_with(given_phone, '+861') and length(given_phone) = 14
                and uniform(customer_code, 'phone') < 0.55 and not is_second
                then substr(given_phone, 4)
            when country = 'CN' and starts_with(given_phone, '+861') and length(given_phone) = 14
                then choose(customer_code, 'phone style', [
                    regexp_replace(given_phone, '^.86(...)(....)(....)$', '\1 \2 \3'),
                    regexp_replace(given_phone, '^.86(...)(....)(....)$', '\1-\2-\3'),
                    regexp_replace(given_phone, '^.86(...)(....)(....)$', '+86 \1 \2 \3'),
                    full_width(substr(given_phone, 4)),
                    given_phone
                ])
            when country = 'CN'
                then choose(customer_code, 'phone style', [
                    regexp_replace(given_phone, '^.86(10|2.|...)(....)(.*)$', '0\1-\2\3'),
                    regexp_replace(given_phone, '^.86(10|2.|...)(....)(.*)$', '(0\1) \2\3'),
                    regexp_replace(given_phone, '^.86(10|2.|...)(....)(.*)$', '+86 (0)\1 \2 \3'),
                    given_phone
                ])
            when country = 'US'
                then choose(customer_code, 'phone style', [
                    regexp_replace(given_phone, '^.1(...)(...)(....)$', '+1 (\1) \2-\3'),
                    regexp_replace(given_phone, '^.1(...)(...)(....)$', '+1-\1-\2-\3'),
                    given_phone
                ])
            else choose(customer_code, 'phone style', [
                regexp_replace(given_phone, '^.(..)(...)(.*)$', '+\1 \2 \3'),
                regexp_replace(given_phone, '^.(..)(...)(.*)$', '+\1 (0)\2 \3'),
                given_phone
            ])
        end as phone,
        given_tax_id as tax_id,
        given_member_id as member_id,
        if(
            customer_type = 'business' or is_second or is_canary
                or uniform(customer_code, 'national id') < 0.85,
            null, national_id_of(entity_no, country)
        ) as national_id,
        case
            when customer_type = 'business' or is_second or is_canary then null
            when uniform(customer_code, 'birth date') < 0.45 then null
            when country = 'CN' and uniform(customer_code, 'birth date style') < 0.3
                then strftime(born_on(entity_no), '%Y年%-m月%-d日')
            else cast(born_on(entity_no) as varchar)
        end as birth_date,
        case
            when is_canary then canary_address
            when uniform(customer_code, 'no address') < 0.1 then null
            else spaced(address, uniform(customer_code, 'address space'))
        end as address,
        city,
        province,
        choose(customer_code, 'country', case country
            when 'CN' then ['CN', '中国', 'China', '中国', null]
            when 'US' then ['US', 'USA', 'United States']
            when 'DE' then ['DE', 'Germany']
            else ['GB', 'United Kingdom']
        end) as country,
        postcode,
        case
            when industry in ('distributor', 'pharmacy')
                then choose(customer_code, 'channel type', ['dealer', '经销商'])
            when customer_type = 'business' then choose(customer_code, 'channel type', ['direct', '直销'])
            else choose(customer_code, 'channel type', ['direct', '直销', null, null])
        end as channel_type,
        time_as_written(created_moment, uniform(customer_code, 'time')) as created_at,
        plain_time(updated_moment) as updated_at,
        plain_time(created_moment) as first_updated_at,
        version_draw,
    from filled
)

select
    customer_code, customer_name, cast(null as varchar) as given_name,
    cast(null as varchar) as surname, customer_type, email, phone, tax_id, member_id, national_id,
    birth_date, address, cast(null as varchar) as street, cast(null as varchar) as house_number,
    city, province, country, postcode, channel_type, created_at, updated_at,
    cast(null as varchar) as expected_status,
    cast(null as varchar) as expected_reason,
from written
union all
select
    customer_code, customer_name, cast(null as varchar),
    cast(null as varchar), customer_type, email, phone, tax_id, member_id, national_id,
    birth_date, address, cast(null as varchar), cast(null as varchar),
    city, province, country, postcode, channel_type, created_at, updated_at,
    'older_version', null,
from written
where version_draw < 0.005
union all
-- The record as first entered, before anyone asked for the address.
select
    customer_code, customer_name, null, null, customer_type, email, phone, tax_id, member_id, null,
    null, null, null, null, null, null, country, null, null, created_at, first_updated_at,
    'older_version', null,
from written
where version_draw >= 0.005 and version_draw < 0.02
union all
select * from (
    select
        cast(null as varchar), 'no customer code', null, null, customer_type, null, null, null,
        null, null, null, null, null, null, city, province, country, postcode, channel_type, created_at, updated_at, 'rejected', 'missing_key',
    from written
    where not is_canary
    order by draw(customer_code, 'fault'), customer_code
    limit (select greatest(3, count(*) // 1000) from written)
) as faults;
