-- marketing_campaigns as exported; what a campaign costs grows with the company
create table marketing_campaigns as
select
    campaign_id,
    campaign_name,
    channel,
    plain_time(cast(date_of(day_no) as timestamp) + interval 10 hour) as started_at,
    rounded(
        cost * greatest(1, sqrt(getvariable('customers') / 5000.0))
            * (0.85 + 0.3 * uniform(campaign_id, 'cost')), 100
    ) as cost_amount,
    choose(campaign_id, 'currency', ['CNY', 'CNY', 'rmb', null]) as currency,
    plain_time(cast(date_of(day_no) as timestamp) + interval 5 hour) as updated_at,
from campaigns;
