-- one row per raw row of marketing_campaigns
{% set raw_columns = [
    'campaign_id', 'campaign_name', 'channel', 'started_at', 'cost_amount', 'currency',
    'updated_at',
] %}
with source_rows as (
    select * from {{ source('marketing', 'campaigns') }}
),

placeholders as (
    {{ placeholder_words() }}
),

limits as (
    select latest_permitted_date from {{ ref('stg_strata__run_limits') }}
),

currency_aliases as (
    select
        {{ clean_word('alias') }} as alias,
        value
    from {{ ref('value_aliases') }}
    where value_kind = 'currency'
),

exchange_rates as (
    select * from {{ ref('stg_reference__exchange_rates') }}
),

known_currencies as (
    select distinct currency_code from exchange_rates
),

cleaned as (
    select
        {{ known_key('campaign_id') }} as campaign_id,
        {{ clean_text('campaign_name') }} as campaign_name,
        {{ clean_text('channel') }} as channel,
        {{ iso_timestamp_text('started_at') }} as started_at_text,
        {{ clean_key('cost_amount') }} as cost_amount_text,
        {{ clean_word('currency') }} as currency_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from source_rows
    cross join placeholders
),

typed as (
    select
        cleaned.*,
        {{ utc_timestamp('cleaned.started_at_text') }} as started_at,
        {{ business_date('cleaned.started_at_text') }} as started_date,
        {{ dbt.safe_cast('cleaned.cost_amount_text', 'decimal(18, 4)') }} as cost_amount,
        coalesce(
            currency_aliases.value, upper(cleaned.currency_text), '{{ var("base_currency") }}'
        ) as currency_code,
        {{ utc_timestamp('cleaned.updated_at_text') }} as updated_at
    from cleaned
    left join currency_aliases
        on cleaned.currency_text = currency_aliases.alias
),

checked as (
    select
        typed.*,
        typed.campaign_id as source_key,
        {{ ignored_value('typed', {}) }} as ignored_value,
        exchange_rates.exchange_rate,
        coalesce(
            case when typed.campaign_id is null then 'missing_key: campaign_id' end,
            {{ date_problem(
                'typed.started_at_text', 'typed.started_date', 'limits.latest_permitted_date'
            ) }},
            {{ number_problem(
                'typed.cost_amount_text', 'typed.cost_amount',
                factor='exchange_rates.exchange_rate'
            ) }},
            case when known_currencies.currency_code is null then 'unknown_currency: currency' end,
            case
                when exchange_rates.exchange_rate is null then 'missing_exchange_rate: currency'
            end,
            {{ date_problem('typed.updated_at_text', 'typed.updated_at', required=false) }}
        ) as problem
    from typed
    cross join limits
    left join known_currencies
        on typed.currency_code = known_currencies.currency_code
    left join exchange_rates
        on typed.currency_code = exchange_rates.currency_code
            and typed.started_date >= exchange_rates.valid_from_date
            and typed.started_date < exchange_rates.valid_before_date
),

fated as (
    {{ deduplicate_and_reject(source('marketing', 'campaigns'), 'checked', raw_columns, [
        'campaign_id', 'campaign_name', 'channel', 'cost_amount', 'currency_code', 'exchange_rate',
        'started_date', 'started_at',
    ]) }}
)

select * from fated
