-- one row per campaign: its newest usable version
select
    campaign_id,
    campaign_name,
    channel,
    cost_amount,
    currency_code,
    exchange_rate,
    started_date,
    started_at,
    updated_at
from {{ ref('base_marketing__campaigns') }}
where row_status = 'kept'
