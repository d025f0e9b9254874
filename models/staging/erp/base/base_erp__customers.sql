-- one row per raw row of erp_customers
{% set raw_columns = [
    'customer_code', 'customer_name', 'given_name', 'surname', 'customer_type', 'email', 'phone',
    'tax_id', 'member_id', 'national_id', 'birth_date', 'address', 'street', 'house_number', 'city',
    'province', 'country', 'postcode', 'website', 'channel_type', 'created_at', 'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('customer_code') }} as customer_code,
        {{ clean_text('customer_name') }} as written_name,
        {{ clean_text('given_name') }} as given_name,
        {{ clean_text('surname') }} as surname,
        {{ clean_word('customer_type') }} as customer_type_text,
        {{ clean_email('email') }} as email,
        {{ engine('phone_e164', clean_text('phone')) }} as phone,
        upper({{ clean_key('tax_id') }}) as tax_id,
        upper({{ clean_key('member_id') }}) as member_id,
        upper({{ clean_key('national_id') }}) as national_id,
        {{ iso_timestamp_text('birth_date') }} as birth_date_text,
        {{ clean_text('address') }} as address,
        {{ clean_text('street') }} as street,
        {{ clean_text('house_number') }} as house_number,
        {{ clean_text('city') }} as city,
        {{ clean_text('province') }} as province,
        {{ clean_text('country') }} as country_text,
        {{ clean_key('postcode') }} as postcode,
        {{ website_domain('website') }} as website_domain,
        lower({{ clean_key('channel_type') }}) as channel_type_text,
        {{ iso_timestamp_text('created_at') }} as created_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('erp', 'customers') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        type_aliases.value as customer_type,
        coalesce(country_aliases.value, cleaned.country_text) as country,
        coalesce(channel_aliases.value, cleaned.channel_type_text) as channel_type,
        case
            when {{ business_date('cleaned.birth_date_text') }} <= limits.latest_permitted_date
                then {{ business_date('cleaned.birth_date_text') }}
        end as birth_date,
        {{ utc_timestamp('cleaned.created_at_text') }} as created_at,
        {{ business_date('cleaned.created_at_text') }} as created_date
    from cleaned
    cross join {{ ref('stg_strata__run_limits') }} as limits
    left join {{ ref('stg_reference__value_aliases') }} as type_aliases
        on type_aliases.value_kind = 'customer_type'
            and cleaned.customer_type_text = type_aliases.word
    left join {{ ref('stg_reference__value_aliases') }} as country_aliases
        on country_aliases.value_kind = 'country'
            and {{ clean_word('cleaned.country_text') }} = country_aliases.word
    left join {{ ref('stg_reference__value_aliases') }} as channel_aliases
        on channel_aliases.value_kind = 'channel_type'
            and {{ clean_word('cleaned.channel_type_text') }} = channel_aliases.word
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed', {
            'birth_date': 'typed.birth_date',
            'website': 'typed.website_domain',
            'created_at': 'typed.created_at',
        }, {'email': 'email', 'phone': 'phone'}) }} as ignored_value,
        coalesce(typed.written_name, {{ full_name('typed.given_name', 'typed.surname') }})
            as customer_name,
        coalesce(
            case
                when typed.customer_type_text is not null and typed.customer_type is null
                    then 'unknown_customer_type: customer_type'
            end,
            {{ date_problem(
                'typed.created_at_text', 'limits.latest_permitted_date', required=false
            ) }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
),

deduplicated as (
    {{ deduplicate_and_reject(source('erp', 'customers'), 'checked', raw_columns, [
        'customer_code', 'customer_name', 'given_name', 'surname', 'customer_type', 'email', 'phone',
        'tax_id', 'member_id', 'national_id', 'birth_date', 'address', 'street', 'house_number',
        'city', 'province', 'country', 'postcode', 'website_domain', 'channel_type',
        'created_date', 'created_at',
    ]) }}
)

select * from deduplicated
