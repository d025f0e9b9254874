-- Makes table people, and table carriers with the rarity of names, from table records
-- (the columns of int_identity__normalised).

-- Two spellings of one name: like letters, or one begins the other ("rob" and "robert", "j" and
-- "james"). Short names and Chinese ones must be equal: there, one other letter is another name.
create macro is_alike(one, other, threshold) as (
    one = other
    or (
        unicode(one) < 880 and unicode(other) < 880
        and (
            starts_with(one, other)
            or starts_with(other, one)
            or (
                least(length(one), length(other)) > 2
                and jaro_winkler_similarity(one, other) >= threshold
            )
        )
    )
);

-- At most so many typing errors. The cheap test first: it passes all that the dear one does, for
-- values of five letters and more.
create macro is_near(one, other, errors) as (
    jaro_winkler_similarity(one, other) >= 0.8 and damerau_levenshtein(one, other) <= errors
);

-- Their given names differ, and so do their surnames or both given names are real ones, not typing
-- errors. Given name and surname may have changed places; unknown parts say nothing, and nor do
-- names in two scripts.
create macro are_different(one, other) as (
    coalesce(
        (unicode(coalesce(one.given_name, one.surname)) < 880)
        = (unicode(coalesce(other.given_name, other.surname)) < 880),
        false
    )
    and not coalesce(is_alike(one.given_name, other.given_name, 0.75), false)
    and case
        when coalesce(is_alike(one.surname, other.surname, 0.75), false)
            then one.has_known_name and other.has_known_name
        else not coalesce(is_alike(one.given_name, other.surname, 0.75), false)
            and not coalesce(is_alike(one.surname, other.given_name, 0.75), false)
    end
);

create table people as
with consumers as (
    select cast(columns(*) as varchar)
    from records
    where customer_type = 'consumer'
)

select
    record_key as unique_id,
    given_name,
    surname,
    case
        when given_name is not null and surname is not null
            then least(given_name, surname) || ' ' || greatest(given_name, surname)
    end as full_name,
    strftime(cast(birth_date as timestamp), '%Y%m%d') as birth_date,
    national_id,
    email,
    email_local,
    split_part(email, '@', 2) as email_domain,
    regexp_replace(email_local, '[^0-9]', '', 'g') as email_digits,
    phone,
    coalesce(house_number || ' ' || street, address) as address,
    coalesce(street, address) as street,
    postcode,
    city
from consumers;

-- What more than ten names share is a switchboard, a mailbox or made up: it tells nothing.
create table shared_values as
select
    field,
    field_value
from (
    unpivot (select full_name, email, phone, national_id from people)
    on email, phone, national_id into name field value field_value
)
group by field, field_value
having count(distinct full_name) > 10;

update people set email = null, email_local = null
where email in (select field_value from shared_values where field = 'email');
update people set phone = null
where phone in (select field_value from shared_values where field = 'phone');
update people set national_id = null
where national_id in (select field_value from shared_values where field = 'national_id');

-- How many people carry a value, where records of one person would count it twice.
create table carriers as
select 'given_name' as field, given_name as field_value, count(distinct surname) as people_count
from people where given_name is not null group by given_name
union all
select 'surname', surname, count(distinct given_name)
from people where surname is not null group by surname
union all
select
    'full_name',
    full_name,
    count(distinct coalesce(email, phone, birth_date, national_id, unique_id))
from people where full_name is not null group by full_name
union all
select field, field_value, count(distinct carrier)
from (
    unpivot (
        select coalesce(full_name, unique_id) as carrier, birth_date, phone, address, postcode, city
        from people
    )
    on birth_date, phone, address, postcode, city into name field value field_value
)
group by field, field_value;

-- Names that several people carry, and all Chinese ones, are names and no typing errors.
alter table people add column has_known_name boolean default false;
update people set has_known_name = true
where unicode(given_name) >= 880
    or given_name in (
        select field_value from carriers where field = 'given_name' and people_count > 1
    );

-- An e-mail address is contested if clearly different people carry it, and one of them also stands
-- elsewhere under another address: then one of its records is a mixture of two people, and which
-- one cannot be told. Its records are left out.
create table contested_records as
with carried as (
    select distinct
        email,
        email_local,
        given_name,
        surname,
        full_name,
        has_known_name
    from people
    where email is not null and coalesce(given_name, surname) is not null
),

clashes as (
    select
        one.email,
        one.email_local,
        unnest([one.full_name, other.full_name]) as full_name
    from carried as one
    inner join carried as other
        on one.email = other.email
            and are_different(one, other)
),

contested as (
    select distinct clashes.email
    from clashes
    inner join carried
        on clashes.full_name = carried.full_name
    where clashes.email_local <> carried.email_local
        and jaro_winkler_similarity(clashes.email_local, carried.email_local) < 0.9
)

select unique_id
from people
where email in (select email from contested);

delete from people where unique_id in (select unique_id from contested_records);
