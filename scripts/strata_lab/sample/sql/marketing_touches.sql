-- one row per touch: what was sent, what people did with it, and what they bought after a click
create table touches as
with sent as (
    select
        campaigns.*,
        subscribers.subscriber_no, subscribers.subscriber_id, subscribers.entity_no,
        subscribers.pattern, subscribers.utc_offset,
        draw(concat(campaign_no, '.', subscriber_no), 'touch') as dice,
        interest,
        cast(date_of(day_no) as timestamp) + interval 10 hour
            + to_seconds(below(roll(dice, 1), 3000)) as moment,
        campaigns.day_no <= last_day + 60 as is_alive,
    from campaigns
    join subscribers
        on subscribers.customer_type = campaigns.audience
        and subscribers.created_moment < cast(date_of(campaigns.day_no) as timestamp)
    left join treatments using (entity_no)
    where case
        when is_test then coalesce(is_treated, false) and roll(dice, 0) >= 0
        -- Readers in the test get no other offer while it runs.
        when campaigns.day_no between 985 and 1050 and is_treated is not null then false
        -- Readers without consent now may have agreed a year before.
        else roll(dice, 0) < 0.85
            and (case channel when 'sms' then takes_sms when 'wechat' then takes_wechat
                else takes_email end or campaigns.day_no < 600 and took_all_before)
    end
),

opened as (
    select
        *,
        moment + to_minutes(3 + below(pow(roll(dice, 2), 3), 4000)) as open_moment,
        draw(concat(campaign_no, '.', subscriber_no), 'click') as click_dice,
        roll(click_dice, 0) < 0.06 + 0.35 * interest as clicked,
        open_moment + to_seconds(8 + below(roll(click_dice, 1), 200)) as click_moment,
    from sent
    where roll(dice, 3) < case when is_alive then 0.12 + 0.6 * interest else 0.08 end
),

bought as (
    select
        opened.campaign_no,
        opened.subscriber_no,
        min(orders.moment) as moment,
    from opened
    join orders
        on orders.entity_no = opened.entity_no and orders.status = 'completed'
        and orders.moment > opened.click_moment
        and orders.moment < opened.click_moment + interval 30 day
    where opened.clicked and opened.audience = 'consumer'
    group by all
)

select campaign_no, subscriber_no, 's' as step, 'sent' as touch_type, moment from sent
union all
select campaign_no, subscriber_no, 'o', 'open', open_moment from opened
union all
select campaign_no, subscriber_no, 'c', 'click', click_moment from opened where clicked
union all
select campaign_no, subscriber_no, 'b', 'convert', moment + interval 2 minute from bought
union all
-- Shared with friends.
select campaign_no, subscriber_no, 'f', 'social', click_moment + interval 4 minute
from opened where clicked and channel = 'wechat' and roll(click_dice, 2) < 0.45
union all
-- Came to the salon or launch, some days later.
select
    campaign_no, subscriber_no, 'e', 'event',
    office_time(day_no + 9, 8, roll(click_dice, 2), roll(click_dice, 3))
from opened where channel = 'event' and roll(click_dice, 2) < 0.25
union all
select campaign_no, subscriber_no, 'l', 'lead', click_moment + interval 9 minute
from opened
where clicked and audience = 'business'
    and (pattern in ('lead', 'trial') or roll(click_dice, 3) < 0.15);

create table marketing_touches as
select
    concat(key_of('TC', subscriber_no), '-', campaign_no, step) as touch_id,
    key_of('SB', subscriber_no) as subscriber_id,
    concat('CP', lpad(cast(campaign_no as varchar), 4, '0')) as campaign_id,
    touch_type,
    plain_time(not_after_end(moment)) as occurred_at,
    cast(null as varchar) as updated_at,
from touches;

drop table touches;
