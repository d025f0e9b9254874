-- one row per raw row of crm_opportunities
{% set raw_columns = [
    'opportunity_id', 'account_id', 'contact_id', 'stage', 'amount', 'currency',
    'competition_level', 'created_at', 'expected_close_date', 'closed_at', 'is_won', 'tender_stage',
    'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('opportunity_id') }} as opportunity_id,
        {{ known_key('account_id') }} as account_id,
        {{ known_key('contact_id') }} as contact_id,
        {{ clean_text('stage') }} as opportunity_stage,
        {{ clean_key('amount') }} as amount_text,
        {{ clean_word('currency') }} as currency_text,
        {{ clean_word('competition_level') }} as competition_level_text,
        {{ clean_text('tender_stage') }} as tender_stage,
        {{ clean_word('is_won') }} as is_won_text,
        {{ iso_timestamp_text('created_at') }} as created_at_text,
        {{ iso_timestamp_text('expected_close_date') }} as expected_close_date_text,
        {{ iso_timestamp_text('closed_at') }} as closed_at_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('crm', 'opportunities') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        {{ dbt.safe_cast('cleaned.amount_text', 'decimal(18, 4)') }} as opportunity_amount,
        competition_aliases.value as competition_level,
        boolean_aliases.value as won_value,
        -- Exports often say no where they mean not yet.
        case
            when cleaned.closed_at_text is not null
                and not {{ is_sentinel_date('cleaned.closed_at_text') }}
                then boolean_aliases.value = 'true'
        end as is_won,
        {{ utc_timestamp('cleaned.created_at_text') }} as created_at,
        {{ business_date('cleaned.created_at_text') }} as created_date,
        {{ business_date('cleaned.expected_close_date_text') }} as expected_close_date,
        {{ utc_timestamp('cleaned.closed_at_text') }} as closed_at,
        {{ business_date('cleaned.closed_at_text') }} as closed_date
    from cleaned
    left join {{ ref('stg_reference__value_aliases') }} as competition_aliases
        on competition_aliases.value_kind = 'competition_level'
            and cleaned.competition_level_text = competition_aliases.word
    left join {{ ref('stg_reference__value_aliases') }} as boolean_aliases
        on boolean_aliases.value_kind = 'boolean'
            and cleaned.is_won_text = boolean_aliases.word
),

checked as (
    select
        typed.*,
        {{ ignored_value(
            'typed', ['account_id', 'contact_id', 'expected_close_date', 'closed_at']
        ) }} as ignored_value,
        exchange_rates.currency_code,
        exchange_rates.exchange_rate,
        coalesce(
            {{ date_problem('typed.created_at_text', 'limits.latest_permitted_date') }},
            {{ date_problem('typed.expected_close_date_text', required=false) }},
            {{ date_problem('typed.closed_at_text', 'limits.latest_end_date', required=false) }},
            case
                when typed.closed_date < typed.created_date then 'ends_before_start: closed_at'
            end,
            {{ number_problem(
                'typed.amount_text', factor='exchange_rates.exchange_rate',
                number='typed.opportunity_amount'
            ) }},
            {{ currency_problem('exchange_rates') }},
            case
                when typed.competition_level_text is not null and typed.competition_level is null
                    then 'unknown_value: competition_level'
                when typed.is_won_text is not null and typed.won_value is null
                    then 'unknown_value: is_won'
            end,
            {{ unknown_parent('typed', 'accounts.account_id', ref('base_crm__accounts')) }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
    left join {{ ref('base_crm__accounts') }} as accounts
        on typed.account_id = accounts.account_id
            and accounts.row_status = 'kept'
    left join {{ ref('stg_reference__exchange_rates') }} as exchange_rates
        on coalesce(typed.currency_text, '') = exchange_rates.currency_word
            and typed.created_date >= exchange_rates.valid_from_date
            and typed.created_date < exchange_rates.valid_before_date
),

deduplicated as (
    {{ deduplicate_and_reject(source('crm', 'opportunities'), 'checked', raw_columns, [
        'opportunity_id', 'account_id', 'contact_id', 'opportunity_stage', 'opportunity_amount',
        'currency_code', 'exchange_rate', 'competition_level', 'tender_stage', 'is_won',
        'created_date', 'expected_close_date', 'closed_date', 'created_at', 'closed_at',
    ]) }}
)

select * from deduplicated
