-- one row per moment at which an order is placed, before it gets a number
create table order_events as
with repeated as (
    select
        *,
        unnest(range(early_order_count + late_order_count)) as seq,
    from entities
),

-- A customer who comes back has two stretches of orders, everyone else has one.
stretched as (
    select
        *,
        seq >= early_order_count as is_late,
        if(is_late, seq - early_order_count, seq) as place_in_stretch,
        if(is_late, late_order_count, early_order_count) as stretch_size,
        if(is_late, return_day, first_day) as from_day,
        if(is_late or silent_from_day is null, last_day, silent_from_day) as to_day,
        concat(entity_no, '.', seq) as event,
        draw(event, 'when') as day_dice,
        draw(event, 'hour') as hour_dice,
        draw(event, 'twins') as twin_dice,
    from repeated
),

paced as (
    select
        *,
        cools_from_day is not null and not is_late as is_cooling,
        least(
            place_in_stretch + 0.1 + 0.8 * roll(day_dice, 0),
            stretch_size - if(is_cooling, 0.5, 0)
        ) as place,
        -- Before they leave, the last two waits grow to two and a half times the usual one.
        if(
            is_cooling,
            (place + 1.5 * greatest(0, place - stretch_size + 2)) / (stretch_size + 1.75),
            place / stretch_size
        ) as progress,
        from_day + cast(floor(
            (to_day - from_day)
            * pow(progress, case pattern when 'growing' then 0.6 when 'fading' then 1.7 else 1 end)
        ) as integer) as plain_day,
        date_of(plain_day) as plain_date,
    from stretched
),

-- Singles' Day (or Black Friday) and the June sale pull consumers' orders, the year end budgets.
seasonal as (
    select
        *,
        make_date(year(plain_date), 11, if(country = 'CN', 11, 28)) as autumn_sale,
        make_date(year(plain_date), 6, 18) as summer_sale,
        make_date(year(plain_date) - 1, 12, 30) as year_end,
        cast(case
            when customer_type = 'consumer' and roll(day_dice, 1) < 0.5
                and abs(plain_date - autumn_sale) <= 20
                then autumn_sale - cast(below(roll(day_dice, 2), 3) as integer)
            when customer_type = 'consumer' and country = 'CN' and roll(day_dice, 1) < 0.3
                and abs(plain_date - summer_sale) <= 12
                then summer_sale - cast(below(roll(day_dice, 2), 4) as integer)
            when customer_type = 'business' and roll(day_dice, 1) < 0.4
                and month(plain_date) = 1 and day(plain_date) <= 24
                then year_end - cast(below(roll(day_dice, 2), 14) as integer)
        end as date) - getvariable('first_date') as season_day,
        if(season_day between from_day and to_day, season_day, plain_day) as seasonal_day,
    from paced
),

-- Offices buy from Monday to Friday, people at home more on Sundays than on Tuesdays.
weekly as (
    select
        *,
        isodow(date_of(seasonal_day)) as weekday,
        case
            when customer_type = 'business' and weekday > 5 and roll(day_dice, 3) < 0.9
                then weekday - 5
            when customer_type = 'consumer' and weekday = 2 and roll(day_dice, 3) < 0.25 then 2
            else 0
        end as days_earlier,
        if(seasonal_day - days_earlier < from_day, seasonal_day, seasonal_day - days_earlier)
            as day_no,
    from seasonal
),

-- The hour is the customer's own; the books are kept in Shanghai.
timed as (
    select
        *,
        one_of(roll(hour_dice, 0), if(
            customer_type = 'business',
            [9, 9, 10, 10, 10, 11, 11, 13, 14, 14, 14, 15, 15, 16, 16, 17, 18],
            [8, 9, 10, 10, 11, 12, 12, 13, 14, 15, 16, 18, 19, 20, 20, 20, 21, 21, 21, 22, 22]
        )) as local_hour,
        cast(date_of(day_no) as timestamp)
            + to_hours(local_hour + 8 - utc_offset)
            + to_seconds(below(roll(hour_dice, 1), 60) * 60 + below(roll(hour_dice, 2), 50)) as moment,
    from weekly
),

placed as (
    select
        entity_no,
        seq,
        event,
        progress,
        twin_dice,
        hour_dice,
        if(cast(moment as date) > getvariable('last_date'), moment - interval 1 day, moment)
            as moment,
    from timed
)

select 'completed' as kind, entity_no, seq, progress, moment, event from placed
union all
-- Orders caused by the offer.
select
    'completed', entity_no, 1000 + response_no, 0.5, moment, concat(entity_no, '.r', response_no)
from responses
union all
-- A basket given up shortly before the order that went through.
select
    'cancelled', entity_no, seq, progress,
    moment - to_seconds(600 + below(roll(hour_dice, 3), 170000)), concat(event, 'c'),
from placed where roll(twin_dice, 0) < 0.044
union all
select
    'test', entity_no, seq, progress,
    moment - to_seconds(60 + below(roll(hour_dice, 3), 3000)), concat(event, 't'),
from placed where roll(twin_dice, 1) < 0.011
union all
-- A stranger's order of the same kind, without a customer.
select
    'guest', entity_no, seq, progress,
    moment - to_seconds(60 + below(roll(hour_dice, 3), 30000)), concat(event, 'g'),
from placed where roll(twin_dice, 2) < 0.021
union all
select
    'pending', entity_no, early_order_count + late_order_count, 1.0,
    cast(getvariable('last_date') as timestamp)
        - to_days(cast(pick(entity_no, 'pending', 14) as integer))
        + to_hours(9 + pick(entity_no, 'pending hour', 10))
        + to_seconds(pick(entity_no, 'pending second', 3500)),
    concat(entity_no, 'p'),
from entities
where pattern in ('steady', 'growing', 'new') and uniform(entity_no, 'pending') < 0.34;

-- one row per order, numbered in the order of time; `basket` is the value aimed at, in CNY cents
create table orders as
with numbered as (
    select
        *,
        row_number() over (order by moment, event) as order_no,
        draw(event, 'value') as value_dice,
        draw(event, 'lines') as line_dice,
    from order_events
)

select
    numbered.order_no,
    concat('SO', lpad(cast(numbered.order_no as varchar), 9, '0')) as order_id,
    -- The customer whose order it is; a guest is nobody.
    if(numbered.kind = 'guest', null, numbered.entity_no) as entity_no,
    if(
        entities.shared_identifier is not null and entities.has_record
        and 2 * numbered.seq >= entities.early_order_count and numbered.seq > 0, 2, 1
    ) as record_seq,
    entities.customer_type,
    entities.country,
    entities.currency,
    if(numbered.kind = 'guest', 'completed', numbered.kind) as status,
    numbered.moment,
    cast(round(
        if(entities.customer_type = 'business', 150000, 6000)
        + entities.typical_basket * exp(0.4 * bell(numbered.value_dice))
        * case entities.pattern
            when 'growing' then 0.6 + numbered.progress
            when 'fading' then 1.5 - numbered.progress
            else 1
        end
    ) as bigint) as basket,
    case
        when roll(numbered.line_dice, 0) < 0.12 then 0
        when roll(numbered.line_dice, 0) < 0.50 then 1
        when roll(numbered.line_dice, 0) < 0.75 then 2
        when roll(numbered.line_dice, 0) < 0.90 then 3
        else 4
    end as line_count,
    roll(numbered.line_dice, 1) < if(entities.customer_type = 'business', 0.04, 0.18)
        as is_promoted,
from numbered
join entities using (entity_no)
order by numbered.order_no;

drop table order_events;
