-- one row per raw row of product_users
{% set raw_columns = ['user_id', 'account_id', 'email', 'phone', 'created_at', 'updated_at'] %}
with source_rows as (
    select * from {{ source('product', 'users') }}
),

placeholders as (
    {{ placeholder_words() }}
),

accounts as (
    select account_id from {{ ref('base_crm__accounts') }} where row_status = 'kept'
),

account_table as (
    select count(*) > 0 as is_loaded from {{ ref('base_crm__accounts') }}
),

limits as (
    select latest_permitted_date from {{ ref('stg_strata__run_limits') }}
),

cleaned as (
    select
        {{ known_key('user_id') }} as user_id,
        {{ known_key('account_id') }} as account_id,
        {{ clean_email('email') }} as email,
        {{ engine('phone_e164', clean_text('phone')) }} as phone,
        {{ iso_timestamp_text('created_at') }} as created_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from source_rows
    cross join placeholders
),

typed as (
    select
        *,
        {{ utc_timestamp('created_at_text') }} as created_at,
        {{ business_date('created_at_text') }} as created_date,
        {{ utc_timestamp('updated_at_text') }} as updated_at
    from cleaned
),

checked as (
    select
        typed.*,
        typed.user_id as source_key,
        {{ ignored_value('typed', {
            'account_id': 'typed.account_id',
            'created_at': 'typed.created_at',
        }, {'email': 'email', 'phone': 'phone'}) }} as ignored_value,
        coalesce(
            case when typed.user_id is null then 'missing_key: user_id' end,
            {{ date_problem(
                'typed.created_at_text', 'typed.created_date', 'limits.latest_permitted_date',
                required=false
            ) }},
            {{ unknown_parent(
                'typed.account_id', 'accounts.account_id', 'account_table', 'unknown_account'
            ) }},
            {{ date_problem('typed.updated_at_text', 'typed.updated_at', required=false) }}
        ) as problem
    from typed
    cross join limits
    cross join account_table
    left join accounts
        on typed.account_id = accounts.account_id
),

fated as (
    {{ deduplicate_and_reject(source('product', 'users'), 'checked', raw_columns, [
        'user_id', 'account_id', 'email', 'phone', 'created_date', 'created_at',
    ]) }}
)

select * from fated
