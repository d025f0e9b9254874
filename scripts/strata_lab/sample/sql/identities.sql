-- one row per entity and lead: its names and identifiers as they truly are, before any record
-- misspells them
create table identities as
with parties as (
    select entity_no, serial, country, customer_type, shared_identifier from entities
    union all
    select entity_no, serial, country, customer_type, null from leads
),

drawn as (
    select
        entity_no,
        serial,
        country,
        customer_type,
        shared_identifier,
        -- A household: the same phone, address and surname as the customer before, another name.
        customer_type = 'consumer' and shared_identifier is null
            and entity_no <= getvariable('customers')
            and uniform(entity_no, 'household') < 0.05 as joins_household,
        lag(entity_no) over people as previous_no,
        pick(entity_no, 'surname', 400) as surname_at,
        pick(entity_no, 'given', 400) as given_at,
        pick(entity_no, 'second given', 400) as second_at,
        pick(entity_no, 'street', 400) as street_at,
        pick(entity_no, 'place', 60) as place_at,
        1 + pick(entity_no, 'house', 180) as house_number,
    from parties
    window people as (partition by country, customer_type order by entity_no)
),

heads as (
    select
        members.* exclude (joins_household, previous_no),
        -- A member of a household whose head is a member itself stays alone.
        if(
            members.joins_household and not heads.joins_household
            and heads.shared_identifier is null, heads.entity_no, null
        ) as head_no,
    from drawn as members
    left join drawn as heads on members.previous_no = heads.entity_no
),

settled as (
    select
        own.entity_no,
        own.serial,
        own.country,
        own.customer_type,
        own.shared_identifier,
        own.head_no is not null as joins_household,
        coalesce(head.serial, own.serial) as phone_serial,
        coalesce(head.entity_no, own.entity_no) as home_no,
        coalesce(head.surname_at, own.surname_at) as surname_at,
        if(own.head_no is null, own.given_at, (head.given_at + 1) % 400) as given_at,
        coalesce(head.second_at, own.second_at) as second_at,
        coalesce(head.street_at, own.street_at) as street_at,
        coalesce(head.place_at, own.place_at) as place_at,
        coalesce(head.house_number, own.house_number) as house_number,
    from heads as own
    left join drawn as head on own.head_no = head.entity_no
),

worded as (
    select
        settled.*,
        surname.value as surname,
        surname.ascii_value as surname_ascii,
        given.value as given,
        given.ascii_value as given_ascii,
        second_given.value as second_given,
        street.value as street,
        trade.value as trade,
        trade.ascii_value as trade_ascii,
        legal.value as legal_form,
        brand_1.value || brand_2.value as brand,
        brand_1.ascii_value || brand_2.ascii_value as brand_ascii,
        mailbox.ascii_value as mailbox,
        mailbox.value as mailbox_name,
        place.city,
        place.province,
        place.area_code,
        place.postcode_start,
        place.tax_region,
        lpad(cast(settled.phone_serial as varchar), 8, '0') as digits,
        lpad(cast(settled.serial as varchar), 8, '0') as own_digits,
    from settled
    join word_pool as surname
        on surname.country = settled.country and surname.kind = 'surname'
        and surname.position = settled.surname_at
    join word_pool as given
        on given.country = settled.country and given.kind = 'given'
        and given.position = settled.given_at
    join word_pool as second_given
        on second_given.country = settled.country and second_given.kind = 'given'
        and second_given.position = settled.second_at
    join word_pool as street
        on street.country = settled.country and street.kind = 'street'
        and street.position = settled.street_at
    join word_pool as trade
        on trade.country = settled.country and trade.kind = 'trade'
        and trade.position = pick(settled.entity_no, 'trade', 400)
    join word_pool as legal
        on legal.country = settled.country and legal.kind = 'legal'
        and legal.position = pick(settled.entity_no, 'legal', 400)
    join word_pool as brand_1
        on brand_1.kind = 'brand' and brand_1.position = pick(settled.entity_no, 'brand 1', 400)
    join word_pool as brand_2
        on brand_2.kind = 'brand' and brand_2.position = pick(settled.entity_no, 'brand 2', 400)
    join word_pool as mailbox
        on mailbox.kind = 'mailbox' and mailbox.position = pick(settled.entity_no, 'mailbox', 400)
    join place_pool as place
        on place.country = settled.country and place.position = settled.place_at
),

named as (
    select
        *,
        case
            when customer_type = 'consumer' and country = 'CN'
                then surname || given || if(second_at % 10 < 7, second_given, '')
            when customer_type = 'consumer' then concat(given, ' ', surname)
            when country = 'CN' then concat(city, brand, trade, legal_form)
            when country = 'DE' then concat(surname, ' ', trade, ' ', city, ' ', legal_form)
            else concat(surname, ' ', trade, ' ', legal_form)
        end as customer_name,
        case
            when country = 'CN' then concat(brand_ascii, entity_no)
            else concat(surname_ascii, '-', left(trade_ascii, 6), entity_no)
        end || '.example' as company_domain,
        -- The 17 digits of a Chinese unified social credit code before its check character.
        case when customer_type = 'business' and country = 'CN' then concat(
            '91', tax_region, lpad(cast(1 + serial % 12 as varchar), 2, '0'), own_digits,
            substr('0X987654321', 1 + cast(list_sum(list_transform(
                range(1, 9),
                lambda place: cast(substr(own_digits, place, 1) as bigint)
                    * [3, 7, 9, 10, 5, 8, 4, 2][place]
            )) as bigint) % 11, 1)
        ) end as credit_code,
    from worded
)

select
    entity_no,
    customer_name,
    country,
    city,
    province,
    case country
        when 'CN' then concat(postcode_start, lpad(cast(home_no % 1000 as varchar), 3, '0'))
        when 'GB' then concat(postcode_start, 1 + home_no % 20, ' ', 1 + home_no % 9,
            ['AB', 'DE', 'HJ', 'LN', 'PQ', 'TW'][1 + home_no % 6])
        else concat(postcode_start, lpad(cast(home_no % 100 as varchar), 2, '0'))
    end as postcode,
    case
        when country = 'CN' and customer_type = 'consumer'
            then concat(
                street, house_number, '号', 1 + home_no % 28, '栋', 101 + home_no % 6 * 100, '室'
            )
        when country = 'CN' then concat(street, house_number, '号')
        when country = 'DE' then concat(street, ' ', house_number)
        else concat(house_number, ' ', street)
    end as address,
    case
        when customer_type = 'business' and uniform(entity_no, 'switchboard') < 0.04
            -- Office towers: many companies, one switchboard.
            then concat(
                '+862158', 1000 + pick(entity_no, 'tower', 1 + getvariable('customers') // 1000), '00'
            )
        when country = 'CN' and customer_type = 'business'
            then concat('+86', area_code, if(length(area_code) = 2, '6', '8'), substr(digits, 2))
        when country = 'CN' then concat('+86', choose(home_no, 'mobile', [
            130, 131, 132, 133, 135, 136, 137, 138, 139, 150, 151, 152, 156, 158, 159, 177, 180, 182,
            185, 186, 187, 188, 189
        ]), digits)
        when country = 'US' then concat('+1', area_code, 2 + phone_serial % 8, substr(digits, 3))
        when country = 'DE' and customer_type = 'business'
            then concat('+49', area_code, 2 + phone_serial % 8, substr(digits, 2))
        when country = 'DE' then concat('+49', choose(home_no, 'mobile', [151, 152, 157]), digits)
        when customer_type = 'business' and length(area_code) = 2
            then concat(
                '+44', area_code,
                case area_code when '28' then '90' when '29' then '20' else '70' end,
                substr(digits, 3)
            )
        when customer_type = 'business' then concat('+44', area_code, '4', substr(digits, 3))
        else concat('+447', choose(home_no, 'mobile', [1, 2, 3]), digits)
    end as phone,
    case
        when customer_type = 'business' and shared_identifier is null
            and uniform(entity_no, 'mailbox') < 0.02 then 'info@medhub.example'
        when customer_type = 'business' and shared_identifier is null
            and uniform(entity_no, 'mailbox') < 0.30
            then concat(choose(entity_no, 'role', ['info', 'sales', 'office']), '@', company_domain)
        when customer_type = 'business' and country = 'CN' then concat(mailbox, '@', company_domain)
        when customer_type = 'business'
            then concat(left(given_ascii, 1), '.', surname_ascii, '@', company_domain)
        when country = 'CN' then concat(1 + entity_no % 9, own_digits, '@example.com')
        else concat(given_ascii, '.', surname_ascii, entity_no, '@',
            if(country = 'DE', 'example.net', 'example.org'))
    end as email,
    case
        when customer_type != 'business' then null
        when country = 'CN' then concat(credit_code, substr(
            '0123456789ABCDEFGHJKLMNPQRTUWXY',
            1 + (31 - cast(list_sum(list_transform(
                range(1, 18),
                lambda place: [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28][place]
                    * (strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(credit_code, place, 1)) - 1)
            )) as bigint) % 31) % 31,
            1
        ))
        when country = 'US' then concat(10 + serial % 80, '-', substr(own_digits, 2))
        when country = 'DE' then concat('DE', 1 + serial % 9, own_digits)
        else concat('GB', 1 + serial % 9, own_digits)
    end as tax_id,
    if(customer_type = 'consumer', concat('M', 1 + serial % 9, own_digits), null) as member_id,
    joins_household,
    shared_identifier,
    -- Parts of the names of people and systems at the company.
    company_domain,
    brand,
    brand_ascii,
    trade,
    surname,
    surname_ascii,
    mailbox,
    mailbox_name,
from named
order by entity_no;

-- one row per entity whose record carries values that occur nowhere else
create table canaries as
with chosen as (
    select
        entity_no,
        row_number() over (order by draw(entity_no, 'canary'), entity_no) as canary_no,
    from entities
    join identities using (entity_no)
    where entities.customer_type = 'consumer' and entities.country in ('US', 'GB')
        and entities.has_record and entities.shared_identifier is null
        and not identities.joins_household
    order by canary_no
    limit 12
)

select
    entity_no,
    canary_no,
    canary_name(canary_no) as customer_name,
    canary_email(canary_no) as email,
    canary_phone(canary_no) as phone,
    concat(canary_no, ' Quillfeather Lane') as address,
    canary_wechat(canary_no) as wechat_id,
from chosen
order by canary_no;

-- Other systems know them by the same values.
update identities
set customer_name = canaries.customer_name,
    email = canaries.email,
    phone = canaries.phone,
    address = canaries.address
from canaries
where canaries.entity_no = identities.entity_no;
