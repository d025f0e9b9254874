-- product_events as exported: a login every ten days or so of each user, and what they did then, for
-- the last 57 weeks; fewer and fewer where a customer is about to leave
create table product_events as
with weeks as (
    select
        users.*,
        unnest(range(696, 1095, 7)) as week_day,
        draw(concat(user_no, '.', week_day), 'week') as dice,
    from users
    where to_day > 696
),

paced as (
    select
        *,
        eagerness / 3
        * case
            when falls_from_day is null or week_day + 3 <= falls_from_day then 1
            else greatest(falls_to, 1 - (week_day + 3 - falls_from_day) / 45.0)
        end
        -- Quiet weeks: National Day in China, Christmas elsewhere.
        * case
            when country = 'CN'
                and strftime(date_of(week_day + 3), '%m%d') between '0930' and '1008' then 0.3
            when country != 'CN' and strftime(date_of(week_day + 3), '%m%d') >= '1222' then 0.3
            else 1
        end as chance,
    from weeks
),

days as (
    select
        user_no, user_id, plan, utc_offset, joined_day, to_day,
        week_day, unnest([0, 1, 2]) as slot, dice, chance,
    from paced
    where week_day + 6 >= joined_day and week_day <= to_day
),

active as (
    select
        *,
        -- Three different weekdays, Monday to Friday.
        week_day - isodow(date_of(week_day)) + 1
            + (below(roll(dice, 3), 5) + 2 * slot) % 5
            + if(isodow(date_of(week_day)) > 1, 7, 0) as day_no,
        draw(concat(user_no, '.', week_day, '.', slot), 'session') as session_dice,
    from days
    where roll(dice, slot) < chance
),

events as (
    select
        user_no, user_id, plan, utc_offset, day_no, session_dice,
        unnest(range(1 + below(roll(session_dice, 2), 4))) as seq,
    from active
    where day_no > joined_day and day_no <= least(to_day - 1, 1094) and day_no >= 0
)

select
    concat(key_of('EV', user_no), lpad(cast(day_no as varchar), 4, '0'), seq) as event_id,
    user_id,
    case
        when seq = 0 then 'login'
        when plan = 'app' and seq = 2 then 'page_view'
        when seq = 1 or (session_dice >> 20) % 3 > 0 then 'feature'
        when session_dice % 2 = 0 then 'download'
        else 'page_view'
    end as event_type,
    case when event_type = 'feature' then one_of(
        roll(session_dice, 3),
        case
            when plan = 'app' then ['measurements', 'measurements', 'order_history', 'reminder']
            when seq = 1 then ['device_list', 'device_list', 'order_supplies', 'maintenance_plan']
            when plan in ('basic', 'trial')
                then ['maintenance_plan', 'report_export', 'statistics', 'device_list']
            when plan = 'professional'
                then ['statistics', 'image_archive', 'multi_site', 'report_export']
            else ['statistics', 'interface', 'audit_log', 'multi_site', 'image_archive']
        end
    ) end as feature_key,
    plain_time(
        office_time(day_no, utc_offset, roll(session_dice, 0), roll(session_dice, 1))
        + to_seconds(seq * (40 + (session_dice >> 40) % 300))
    ) as occurred_at,
    cast(null as varchar) as updated_at,
from events;
