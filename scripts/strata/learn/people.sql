-- Makes of table records (the columns of int_identity__normalised) table compared with the people,
-- and table carriers with the rarity of their values. Reads alike.sql first.

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

-- Both parts of a name are alike, in the same order or crosswise.
create macro both_alike(given, last, other_given, other_last, threshold) as (
    (is_alike(given, other_given, threshold) and is_alike(last, other_last, threshold))
    or (is_alike(given, other_last, threshold) and is_alike(last, other_given, threshold))
);

-- A part of both names is alike, or equal parts changed places.
create macro one_alike(given, last, other_given, other_last, threshold) as (
    is_alike(given, other_given, threshold)
    or is_alike(last, other_last, threshold)
    or given = other_last
    or last = other_given
);

create macro is_partial(one, other) as not (one is not null and other is not null);

create macro is_like(one, other) as jaro_winkler_similarity(one, other) >= 0.85;

create table compared as
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
    digits(email_local) as email_digits,
    phone,
    coalesce(house_number || ' ' || street, address) as address,
    coalesce(street, address) as street,
    digits(coalesce(street, address)) as street_digits,
    postcode,
    city
from (
    select cast(columns(*) as varchar)
    from records
    where customer_type = 'consumer'
);

-- A value of more than ten names is a switchboard, a mailbox or invented: it proves nothing.
update compared set email = null, email_local = null
where email in (
    select email from compared group by email having count(distinct full_name) > 10
);
update compared set phone = null
where phone in (
    select phone from compared group by phone having count(distinct full_name) > 10
);
update compared set national_id = null
where national_id in (
    select national_id from compared group by national_id having count(distinct full_name) > 10
);

-- How many people carry a value, where records of one person would count it twice.
create table carriers as
select 'given_name' as field, given_name as field_value, count(distinct surname) as people_count
from compared where given_name is not null group by given_name
union all
select 'surname', surname, count(distinct given_name)
from compared where surname is not null group by surname
union all
select
    'full_name',
    full_name,
    count(distinct coalesce(email, phone, birth_date, national_id, unique_id))
from compared where full_name is not null group by full_name
union all
select field, field_value, count(distinct carrier)
from (
    unpivot (
        select coalesce(full_name, unique_id) as carrier, birth_date, phone, address, postcode, city
        from compared
    )
    on birth_date, phone, address, postcode, city into name field value field_value
)
group by field, field_value;

-- Names that several people carry, and all Chinese ones, are names and no typing errors.
alter table compared add column has_known_name boolean default false;
update compared set has_known_name = true
where unicode(given_name) >= 880
    or given_name in (
        select field_value from carriers where field = 'given_name' and people_count > 1
    );

-- A mixture of two people: its e-mail address belongs to somebody whose name is clearly different,
-- while its own name stands elsewhere under another address. Which of the two it is cannot be told: it
-- is left out.
delete from compared
where unique_id in (
    with carried as (
        select *
        from compared
        where email is not null and coalesce(given_name, surname) is not null
    )

    select one.unique_id
    from carried as one
    inner join carried as owner
        on one.email = owner.email
            and are_different(one, owner)
    inner join carried as elsewhere
        on one.full_name = elsewhere.full_name
    where one.email_local <> elsewhere.email_local
        and jaro_winkler_similarity(one.email_local, elsewhere.email_local) < 0.9
);
