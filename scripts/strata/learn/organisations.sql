-- Makes of table records (the columns of int_identity__normalised) table compared with the
-- organisations, and table carriers with the rarity of their values. Reads alike.sql first.

-- At most this share of the letters is another one. A like beginning and one other word make a sister
-- company, so likeness of Jaro and Winkler only spares the dear test. In Chinese one other character is
-- another company.
create macro is_misspelt(one, other, share) as (
    jaro_winkler_similarity(one, other) >= 0.8
    and unicode(one) < 880
    and unicode(other) < 880
    and damerau_levenshtein(one, other) <= share * greatest(length(one), length(other))
);

-- One name is the beginning of the other, in Chinese a part of it.
create macro is_short_for(one, other) as (
    length(one) < length(other)
    and case
        when unicode(one) >= 880 then length(one) >= 4 and contains(other, one)
        else length(one) >= 6 and starts_with(other, one)
    end
);

create table compared as
select
    record_key as unique_id,
    name_key as name,
    digits(name_key) as name_digits,
    tax_id,
    email,
    digits(email) as email_digits,
    phone,
    company_domain as domain,
    digits(company_domain) as domain_digits,
    coalesce(house_number || street, address) as address,
    coalesce(
        house_number, nullif(regexp_extract(address, '^[0-9]+|[0-9]+[^0-9]{0,2}$'), '')
    ) as house_number,
    coalesce(street, nullif(regexp_replace(address, '[0-9]', '', 'g'), '')) as street,
    postcode,
    city
from (
    select cast(columns(*) as varchar)
    from records
    where customer_type = 'business'
);

-- A value of more than ten names belongs to a group, an agent or a building.
update compared set email = null
where email in (select email from compared group by email having count(distinct name) > 10);
update compared set phone = null
where phone in (select phone from compared group by phone having count(distinct name) > 10);
update compared set domain = null
where domain in (select domain from compared group by domain having count(distinct name) > 10);
update compared set tax_id = null
where tax_id in (select tax_id from compared group by tax_id having count(distinct name) > 10);

-- How many organisations carry a value, where records of one would count it twice.
create table carriers as
select
    'name' as field,
    name as field_value,
    count(distinct coalesce(tax_id, domain, phone, address, unique_id)) as people_count
from compared where name is not null group by name
union all
select field, field_value, count(distinct carrier)
from (
    unpivot (
        select coalesce(name, unique_id) as carrier, phone, domain, address, postcode, city
        from compared
    )
    on phone, domain, address, postcode, city into name field value field_value
)
group by field, field_value;
