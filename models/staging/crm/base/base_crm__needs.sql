-- one row per raw row of crm_needs
{% set raw_columns = [
    'need_id', 'account_id', 'contact_id', 'need_type', 'need_key', 'note', 'source', 'noted_at',
    'updated_at',
] %}
with cleaned as (
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
    from {{ source('crm', 'needs') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        type_aliases.value as need_type,
        source_aliases.value as need_source,
        {{ utc_timestamp('cleaned.noted_at_text') }} as noted_at,
        {{ business_date('cleaned.noted_at_text') }} as noted_date
    from cleaned
    left join {{ ref('stg_reference__value_aliases') }} as type_aliases
        on type_aliases.value_kind = 'need_type'
            and cleaned.need_type_text = type_aliases.word
    left join {{ ref('stg_reference__value_aliases') }} as source_aliases
        on source_aliases.value_kind = 'need_source'
            and cleaned.need_source_text = source_aliases.word
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed', ['account_id', 'contact_id']) }} as ignored_value,
        coalesce(
            case
                when typed.need_type_text is null then 'missing_key: need_type'
                when typed.need_type is null then 'unknown_value: need_type'
                when typed.need_source_text is not null and typed.need_source is null
                    then 'unknown_value: source'
            end,
            {{ date_problem('typed.noted_at_text', 'limits.latest_permitted_date') }},
            {{ unknown_parent('typed', 'accounts.account_id', ref('base_crm__accounts')) }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
    left join {{ ref('base_crm__accounts') }} as accounts
        on typed.account_id = accounts.account_id
            and accounts.row_status = 'kept'
),

deduplicated as (
    {{ deduplicate_and_reject(source('crm', 'needs'), 'checked', raw_columns, [
        'need_id', 'account_id', 'contact_id', 'need_type', 'need_key', 'note', 'need_source',
        'noted_date', 'noted_at',
    ]) }}
)

select * from deduplicated
