-- one row per raw row of product_users
{% set raw_columns = ['user_id', 'account_id', 'email', 'phone', 'created_at', 'updated_at'] %}
with cleaned as (
    select
        {{ known_key('user_id') }} as user_id,
        {{ known_key('account_id') }} as account_id,
        {{ clean_email('email') }} as email,
        {{ engine('phone_e164', clean_text('phone')) }} as phone,
        {{ iso_timestamp_text('created_at') }} as created_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('product', 'users') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        *,
        {{ utc_timestamp('created_at_text') }} as created_at,
        {{ business_date('created_at_text') }} as created_date
    from cleaned
),

checked as (
    select
        typed.*,
        {{ ignored_value(
            'typed', ['account_id', 'created_at'], {'email': 'email', 'phone': 'phone'}
        ) }} as ignored_value,
        coalesce(
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
    {{ deduplicate_and_reject(source('product', 'users'), 'checked', raw_columns, [
        'user_id', 'account_id', 'email', 'phone', 'created_date', 'created_at',
    ]) }}
)

select * from deduplicated
