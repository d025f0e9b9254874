-- one row per campaign; the last but a few is a test: a random half of those chosen gets the offer
create table campaigns as
with listed as (
    select
        make_date(cast(years.year as integer), cast(month as integer), cast(day as integer))
            - getvariable('first_date') as day_no,
        concat(years.year, ' ', campaign_name) as campaign_name,
        channel,
        audience,
        cast(cost as bigint) as cost,
        false as is_test,
    from campaigns_pool
    cross join (
        select unnest(range(
            year(getvariable('first_date')), year(getvariable('last_date')) + 1
        )) as year
    ) as years
    union all
    select 995, concat(year(date_of(995)), ' 复购关怀'), 'email', 'consumer', 7000, true
)

select
    row_number() over (order by day_no, campaign_name) as campaign_no,
    concat('CP', lpad(cast(campaign_no as varchar), 4, '0')) as campaign_id,
    *,
from listed
where day_no between 10 and 1080
order by campaign_no;

-- one row per person chosen for the test campaign, and the coin that was tossed
create table treatments as
select
    entity_no,
    country,
    utc_offset,
    uniform(entity_no, 'treated') < 0.5 as is_treated,
from entities
where customer_type = 'consumer' and pattern in ('steady', 'growing', 'fading') and has_record
    and first_day < 900 and subscribes(entity_no) and opted_in(entity_no, 'email')
order by entity_no;

-- one row per order that the offer brought
create table responses as
with counted as (
    select
        *,
        uniform(entity_no, 'response') as chance,
        unnest(range(case when chance < 0.08 then 2 when chance < 0.45 then 1 else 0 end))
            as response_no,
    from treatments
    where is_treated
)

select
    entity_no,
    response_no,
    home_time(
        997 + pick(concat(entity_no, '.', response_no), 'response day', 38), utc_offset,
        uniform(concat(entity_no, '.', response_no), 'response hour'),
        uniform(concat(entity_no, '.', response_no), 'response minute')
    ) as moment,
from counted;
