-- one row per raw row of marketing_subscribers
{% set raw_columns = [
    'subscriber_id', 'email', 'phone', 'wechat_id', 'full_name', 'city', 'source', 'email_opt_in',
    'sms_opt_in', 'wechat_opt_in', 'phone_opt_in', 'do_not_contact', 'created_at', 'updated_at',
] %}
{% set channels = ['email', 'sms', 'wechat', 'phone'] %}
with cleaned as (
    select
        {{ known_key('subscriber_id') }} as subscriber_id,
        {{ clean_email('email') }} as email,
        {{ engine('phone_e164', clean_text('phone')) }} as phone,
        lower({{ clean_key('wechat_id') }}) as wechat_id,
        {{ clean_text('full_name') }} as full_name,
        {{ clean_text('city') }} as city,
        {{ clean_text('source') }} as subscriber_source,
        {% for channel in channels -%}
        {{ clean_word(channel ~ '_opt_in') }} as {{ channel }}_text,
        {% endfor -%}
        {{ clean_word('do_not_contact') }} as do_not_contact_text,
        {{ iso_timestamp_text('created_at') }} as created_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('marketing', 'subscribers') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        -- A word that is neither yes nor no never permits a contact.
        {% for channel in channels -%}
        coalesce({{ channel }}_words.value = 'true', false) as has_{{ channel }}_opt_in,
        {% endfor -%}
        coalesce(
            do_not_contact_words.value = 'true', cleaned.do_not_contact_text is not null
        ) as is_do_not_contact,
        {% for channel in channels -%}
        {{ channel }}_words.value as {{ channel }}_opt_in_value,
        {% endfor -%}
        do_not_contact_words.value as do_not_contact_value,
        {{ utc_timestamp('cleaned.created_at_text') }} as created_at,
        {{ business_date('cleaned.created_at_text') }} as created_date
    from cleaned
    {% for channel in channels + ['do_not_contact'] -%}
    left join {{ ref('stg_reference__value_aliases') }} as {{ channel }}_words
        on {{ channel }}_words.value_kind = 'boolean'
            and cleaned.{{ channel }}_text = {{ channel }}_words.word
    {% endfor %}
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed', {
            'email_opt_in': 'typed.email_opt_in_value',
            'sms_opt_in': 'typed.sms_opt_in_value',
            'wechat_opt_in': 'typed.wechat_opt_in_value',
            'phone_opt_in': 'typed.phone_opt_in_value',
            'do_not_contact': 'typed.do_not_contact_value',
            'created_at': 'typed.created_at',
        }, {'email': 'email', 'phone': 'phone'}) }} as ignored_value,
        coalesce(
            {{ date_problem(
                'typed.created_at_text', 'limits.latest_permitted_date', required=false
            ) }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
),

deduplicated as (
    {{ deduplicate_and_reject(source('marketing', 'subscribers'), 'checked', raw_columns, [
        'subscriber_id', 'email', 'phone', 'wechat_id', 'full_name', 'city', 'subscriber_source',
        'has_email_opt_in', 'has_sms_opt_in', 'has_wechat_opt_in', 'has_phone_opt_in',
        'is_do_not_contact', 'created_date', 'created_at',
    ]) }}
)

select * from deduplicated
