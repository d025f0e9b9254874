-- one row per raw row of crm_activities
{% set raw_columns = [
    'activity_id', 'account_id', 'contact_id', 'owner_id', 'activity_type', 'occurred_at',
    'summary', 'updated_at',
] %}
with source_rows as (
    select * from {{ source('crm', 'activities') }}
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

type_aliases as (
    select
        {{ clean_word('alias') }} as alias,
        value
    from {{ ref('value_aliases') }}
    where value_kind = 'activity_type'
),

cleaned as (
    select
        {{ known_key('activity_id') }} as activity_id,
        {{ known_key('account_id') }} as account_id,
        {{ known_key('contact_id') }} as contact_id,
        {{ known_key('owner_id') }} as owner_id,
        {{ clean_word('activity_type') }} as activity_type_text,
        {{ clean_text('summary') }} as summary,
        {{ iso_timestamp_text('occurred_at') }} as occurred_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from source_rows
    cross join placeholders
),

typed as (
    select
        cleaned.*,
        type_aliases.value as activity_type,
        {{ utc_timestamp('cleaned.occurred_at_text') }} as occurred_at,
        {{ business_date('cleaned.occurred_at_text') }} as occurred_date,
        {{ utc_timestamp('cleaned.updated_at_text') }} as updated_at
    from cleaned
    left join type_aliases
        on cleaned.activity_type_text = type_aliases.alias
),

checked as (
    select
        typed.*,
        typed.activity_id as source_key,
        {{ ignored_value('typed', {
            'account_id': 'typed.account_id',
            'contact_id': 'typed.contact_id',
            'owner_id': 'typed.owner_id',
        }) }} as ignored_value,
        coalesce(
            case
                when typed.activity_id is null then 'missing_key: activity_id'
                when typed.activity_type_text is null then 'missing_key: activity_type'
                when typed.activity_type is null then 'unknown_value: activity_type'
            end,
            {{ date_problem(
                'typed.occurred_at_text', 'typed.occurred_date', 'limits.latest_permitted_date'
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
    {{ deduplicate_and_reject(source('crm', 'activities'), 'checked', raw_columns, [
        'activity_id', 'account_id', 'contact_id', 'owner_id', 'activity_type', 'summary',
        'occurred_date', 'occurred_at',
    ]) }}
)

select * from fated
