-- one row per raw row of crm_needs
{% set raw_columns = [
    'need_id', 'account_id', 'contact_id', 'need_type', 'need_key', 'note', 'source', 'noted_at',
    'updated_at',
] %}
with source_rows as (
    select * from {{ source('crm', 'needs') }}
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

aliases as (
    select
        value_kind,
        {{ clean_word('alias') }} as alias,
        value
    from {{ ref('value_aliases') }}
),

cleaned as (
    select
        {{ known_key('need_id') }} as need_id,
        {{ known_key('account_id') }} as account_id,
        {{ known_key('contact_id') }} as contact_id,
        {{ clean_word('need_type') }} as need_type_text,
        lower({{ clean_key('need_key') }}) as need_key,
        {{ clean_text('note') }} as note,
        {{ clean_word('source') }} as need_source_text,
        {{ iso_timestamp_text('noted_at') }} as noted_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from source_rows
    cross join placeholders
),

typed as (
    select
        cleaned.*,
        type_aliases.value as need_type,
        source_aliases.value as need_source,
        {{ utc_timestamp('cleaned.noted_at_text') }} as noted_at,
        {{ business_date('cleaned.noted_at_text') }} as noted_date,
        {{ utc_timestamp('cleaned.updated_at_text') }} as updated_at
    from cleaned
    left join aliases as type_aliases
        on type_aliases.value_kind = 'need_type'
            and cleaned.need_type_text = type_aliases.alias
    left join aliases as source_aliases
        on source_aliases.value_kind = 'need_source'
            and cleaned.need_source_text = source_aliases.alias
),

checked as (
    select
        typed.*,
        typed.need_id as source_key,
        {{ ignored_value('typed', {
            'account_id': 'typed.account_id',
            'contact_id': 'typed.contact_id',
        }) }} as ignored_value,
        coalesce(
            case
                when typed.need_id is null then 'missing_key: need_id'
                when typed.need_type_text is null then 'missing_key: need_type'
                when typed.need_type is null then 'unknown_value: need_type'
                when typed.need_source_text is not null and typed.need_source is null
                    then 'unknown_value: source'
            end,
            {{ date_problem(
                'typed.noted_at_text', 'typed.noted_date', 'limits.latest_permitted_date'
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
    {{ deduplicate_and_reject(source('crm', 'needs'), 'checked', raw_columns, [
        'need_id', 'account_id', 'contact_id', 'need_type', 'need_key', 'note', 'need_source',
        'noted_date', 'noted_at',
    ]) }}
)

select * from fated
