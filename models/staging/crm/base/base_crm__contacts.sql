-- one row per raw row of crm_contacts
{% set raw_columns = [
    'contact_id', 'account_id', 'full_name', 'email', 'phone', 'wechat_id', 'national_id',
    'decision_role', 'birth_date', 'gender', 'occupation', 'income_band', 'education', 'city',
    'province', 'country', 'created_at', 'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('contact_id') }} as contact_id,
        {{ known_key('account_id') }} as account_id,
        {{ clean_text('full_name') }} as full_name,
        {{ clean_email('email') }} as email,
        {{ engine('phone_e164', clean_text('phone')) }} as phone,
        lower({{ clean_key('wechat_id') }}) as wechat_id,
        upper({{ clean_key('national_id') }}) as national_id,
        {{ clean_word('decision_role') }} as decision_role_text,
        {{ iso_timestamp_text('birth_date') }} as birth_date_text,
        {{ clean_word('gender') }} as gender_text,
        {{ clean_text('occupation') }} as occupation,
        {{ clean_text('income_band') }} as income_band,
        {{ clean_text('education') }} as education,
        {{ clean_text('city') }} as city,
        {{ clean_text('province') }} as province,
        {{ clean_text('country') }} as country_text,
        {{ iso_timestamp_text('created_at') }} as created_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('crm', 'contacts') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        role_aliases.value as decision_role,
        gender_aliases.value as gender,
        coalesce(country_aliases.value, cleaned.country_text) as country,
        case
            when {{ business_date('cleaned.birth_date_text') }} <= limits.latest_permitted_date
                then {{ business_date('cleaned.birth_date_text') }}
        end as birth_date,
        {{ utc_timestamp('cleaned.created_at_text') }} as created_at,
        {{ business_date('cleaned.created_at_text') }} as created_date
    from cleaned
    cross join {{ ref('stg_strata__run_limits') }} as limits
    left join {{ ref('stg_reference__value_aliases') }} as role_aliases
        on role_aliases.value_kind = 'decision_role'
            and cleaned.decision_role_text = role_aliases.word
    left join {{ ref('stg_reference__value_aliases') }} as gender_aliases
        on gender_aliases.value_kind = 'gender'
            and cleaned.gender_text = gender_aliases.word
    left join {{ ref('stg_reference__value_aliases') }} as country_aliases
        on country_aliases.value_kind = 'country'
            and {{ clean_word('cleaned.country_text') }} = country_aliases.word
),

checked as (
    select
        typed.*,
        {{ ignored_value(
            'typed', ['account_id', 'birth_date', 'created_at'],
            {'email': 'email', 'phone': 'phone'}
        ) }} as ignored_value,
        coalesce(
            case
                when typed.decision_role_text is not null and typed.decision_role is null
                    then 'unknown_value: decision_role'
                when typed.gender_text is not null and typed.gender is null
                    then 'unknown_value: gender'
            end,
            {{ date_problem(
                'typed.created_at_text', 'limits.latest_permitted_date', required=false
            ) }},
            {{ unknown_parent('typed', 'accounts.account_id', ref('base_crm__accounts')) }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
    left join {{ ref('base_crm__accounts') }} as accounts
        on typed.account_id = accounts.account_id
            and accounts.row_status = 'kept'
),

deduplicated as (
    {{ deduplicate_and_reject(source('crm', 'contacts'), 'checked', raw_columns, [
        'contact_id', 'account_id', 'full_name', 'email', 'phone', 'wechat_id', 'national_id',
        'decision_role', 'birth_date', 'gender', 'occupation', 'income_band', 'education', 'city',
        'province', 'country', 'created_date', 'created_at',
    ]) }}
)

select * from deduplicated
