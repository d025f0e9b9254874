-- one row per subscriber: its newest usable version
select
    subscriber_id,
    email,
    phone,
    wechat_id,
    full_name,
    city,
    subscriber_source,
    has_email_opt_in,
    has_sms_opt_in,
    has_wechat_opt_in,
    has_phone_opt_in,
    is_do_not_contact,
    ignored_value,
    created_date,
    created_at,
    updated_at
from {{ ref('base_marketing__subscribers') }}
where row_status = 'kept'
