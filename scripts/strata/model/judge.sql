-- Makes table judged from tables scored and people: the pairs that no plain fact speaks against.

-- Their ids differ by more than a typing error, or their given names do, and what they share
-- belongs to a household: neither id nor date of birth says that they are one.
create macro are_two_people(one, other) as (
    coalesce(damerau_levenshtein(one.national_id, other.national_id) > 2, false)
    or (
        are_different(one, other)
        and one.has_known_name
        and other.has_known_name
        and not coalesce(one.national_id = other.national_id, false)
        and not coalesce(one.birth_date = other.birth_date, false)
    )
);

create table candidates as
select
    least(one.unique_id, other.unique_id) as left_record_key,
    greatest(one.unique_id, other.unique_id) as right_record_key,
    scored.match_probability
from scored
inner join people as one on scored.unique_id_l = one.unique_id
inner join people as other on scored.unique_id_r = other.unique_id
-- Something that belongs to one person alone agrees, and something beside the name does.
where ({name} > 0 or {email} > 0 or {birth_date} > 0 or {national_id} > 0)
    and (
        {email} > 2 or {birth_date} > 0 or {national_id} > 0 or {phone} > 0 or {address} > 0
        or {postcode} = 2
    )
    and not are_two_people(one, other);

-- A record that fits two people who are clearly different: neither pair is certain.
create table ambiguous as
with links as (
    select left_record_key as record_key, right_record_key as neighbour_key
    from candidates
    where match_probability > {ambiguous}
    union all
    select right_record_key, left_record_key
    from candidates
    where match_probability > {ambiguous}
)

select distinct
    links.record_key,
    unnest([links.neighbour_key, others.neighbour_key]) as neighbour_key
from links
inner join links as others
    on links.record_key = others.record_key
        and links.neighbour_key < others.neighbour_key
inner join people as one on links.neighbour_key = one.unique_id
inner join people as other on others.neighbour_key = other.unique_id
where are_two_people(one, other);

create table judged as
select
    candidates.left_record_key,
    candidates.right_record_key,
    round(
        case
            when ambiguous.record_key is null then candidates.match_probability
            else least(candidates.match_probability, {ambiguous})
        end,
        6
    ) as match_probability
from candidates
left join (
    select distinct
        least(record_key, neighbour_key) as left_record_key,
        greatest(record_key, neighbour_key) as right_record_key,
        record_key is not null as record_key
    from ambiguous
) as ambiguous
    using (left_record_key, right_record_key)
where candidates.match_probability >= {min_probability};
