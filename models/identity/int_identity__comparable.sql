-- one row per source record that stands for a customer
with records as (
    select * from {{ ref('int_identity__records') }}
),

free_mail_domains as (
    select domain from {{ ref('free_mail_domains') }}
),

texts as (
    select
        record_key,
        customer_type,
        {{ engine('comparable_text', 'customer_name') }} as name_text,
        {{ engine('comparable_text', 'given_name') }} as given_text,
        {{ engine('comparable_text', 'surname') }} as surname_text,
        {{ engine('comparable_text', 'street') }} as street_text,
        {{ engine('comparable_text', 'house_number') }} as house_number_text,
        {{ engine('comparable_text', 'address') }} as address_text,
        {{ engine('comparable_text', 'city') }} as city_text,
        birth_date,
        {{ comparable_number('tax_id') }} as tax_id,
        {{ comparable_number('national_id') }} as national_id,
        {{ comparable_number('member_id') }} as member_id,
        email,
        phone,
        wechat_id,
        upper(replace(postcode, ' ', '')) as postcode,
        website_domain
    from records
),

untitled as (
    select
        *,
        given_text is not null or surname_text is not null as has_name_parts,
        {{ without_title('name_text') }} as person_text,
        case
            when customer_type = 'business'
                then {{ organisation_name('name_text') }}
        end as organisation_name,
        split_part(email, '@', 2) as email_domain
    from texts
),

named as (
    select
        *,
        -- The first character of a Chinese name of two to four, or two if they are a compound surname.
        case
            when not regexp_matches(person_text, '^[\x{3400}-\x{9FFF}]{2,4}$') then null
            when length(person_text) > 2
                and regexp_matches(
                    person_text,
                    '^(欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|司徒|令狐|宇文|长孙|夏侯|轩辕|端木|独孤|南宫|拓跋|申屠)'
                )
                then substr(person_text, 1, 2)
            else substr(person_text, 1, 1)
        end as han_surname
    from untitled
),

-- A source that keeps the parts of a name apart knows them best.
parted as (
    select
        *,
        case
            when customer_type = 'business' then null
            when has_name_parts then replace({{ without_title('given_text') }}, ' ', '')
            when han_surname is not null then substr(person_text, length(han_surname) + 1)
            when person_text like '% %' then split_part(person_text, ' ', 1)
        end as given_name,
        case
            when customer_type = 'business' then null
            when has_name_parts then replace({{ without_title('surname_text') }}, ' ', '')
            when han_surname is not null then han_surname
            when person_text like '% %' then regexp_extract(person_text, '[^ ]+$')
        end as surname,
        -- Several people of one name in a family: 1 is Sr, 2 is Jr.
        case
            when customer_type = 'consumer'
                then case nullif(regexp_extract(
                    concat_ws(' ', given_text, surname_text, name_text),
                    ' (jr|sr|ii|iii|iv)( |$)', 1
                ), '')
                    when 'sr' then '1'
                    when 'jr' then '2'
                    when 'ii' then '2'
                    when 'iii' then '3'
                    when 'iv' then '4'
                end
        end as generation,
        {{ short_address('street_text') }} as street,
        replace(house_number_text, ' ', '') as house_number,
        {{ short_address('address_text') }} as whole_address
    from named
),

-- A name that several families use is a name, and no other one with typing errors.
common_given_names as (
    select given_name
    from parted
    where given_name is not null
    group by given_name
    having count(distinct surname) > 2
),

final as (
    select
        parted.record_key,
        parted.customer_type,
        -- The parts stand in the order of the alphabet: which of them comes first differs by habit.
        case
            when parted.customer_type = 'business' then replace(parted.organisation_name, ' ', '')
            else least(
                parted.given_name || ' ' || parted.surname,
                parted.surname || ' ' || parted.given_name
            )
        end as name_key,
        parted.organisation_name,
        {{ organisation_core('parted.organisation_name', 'parted.city_text') }} as organisation_core,
        parted.given_name,
        parted.surname,
        common_given_names.given_name is not null as is_common_given_name,
        parted.generation,
        parted.birth_date,
        parted.national_id,
        parted.tax_id,
        parted.member_id,
        parted.email,
        split_part(split_part(parted.email, '@', 1), '+', 1) as email_local,
        parted.phone,
        parted.wechat_id,
        case
            when parted.customer_type = 'business'
                then coalesce(
                    parted.website_domain,
                    case when free_mail_domains.domain is null then parted.email_domain end
                )
        end as company_domain,
        parted.street,
        parted.house_number,
        coalesce(parted.house_number || parted.street, parted.whole_address) as address,
        parted.postcode,
        replace(parted.city_text, ' ', '') as city
    from parted
    left join free_mail_domains
        on parted.email_domain = free_mail_domains.domain
    left join common_given_names
        on parted.given_name = common_given_names.given_name
)

select * from final
