-- one row per raw row of crm_activities
{% set raw_columns = [
    'activity_id', 'account_id', 'contact_id', 'owner_id', 'activity_type', 'occurred_at',
    'summary', 'updated_at',
] %}
with cleaned as (
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
    from {{ source('crm', 'activities') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        type_aliases.value as activity_type,
        {{ utc_timestamp('cleaned.occurred_at_text') }} as occurred_at,
        {{ business_date('cleaned.occurred_at_text') }} as occurred_date
    from cleaned
    left join {{ ref('stg_reference__value_aliases') }} as type_aliases
        on type_aliases.value_kind = 'activity_type'
            and cleaned.activity_type_text = type_aliases.word
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed', ['account_id', 'contact_id', 'owner_id']) }} as ignored_value,
        coalesce(
            case
                when typed.activity_type_text is null then 'missing_key: activity_type'
                when typed.activity_type is null then 'unknown_value: activity_type'
            end,
            {{ date_problem('typed.occurred_at_text', 'limits.latest_permitted_date') }},
            {{ unknown_parent('typed', 'accounts.account_id', ref('base_crm__accounts')) }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
    left join {{ ref('base_crm__accounts') }} as accounts
        on typed.account_id = accounts.account_id
            and accounts.row_status = 'kept'
),

deduplicated as (
    {{ deduplicate_and_reject(source('crm', 'activities'), 'checked', raw_columns, [
        'activity_id', 'account_id', 'contact_id', 'owner_id', 'activity_type', 'summary',
        'occurred_date', 'occurred_at',
    ]) }}
)

select * from deduplicated
