-- one row per raw row of marketing_campaigns
{% set raw_columns = [
    'campaign_id', 'campaign_name', 'channel', 'started_at', 'cost_amount', 'currency',
    'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('campaign_id') }} as campaign_id,
        {{ clean_text('campaign_name') }} as campaign_name,
        {{ clean_text('channel') }} as channel,
        {{ iso_timestamp_text('started_at') }} as started_at_text,
        {{ clean_key('cost_amount') }} as cost_amount_text,
        {{ clean_word('currency') }} as currency_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('marketing', 'campaigns') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        {{ utc_timestamp('cleaned.started_at_text') }} as started_at,
        {{ business_date('cleaned.started_at_text') }} as started_date,
        {{ dbt.safe_cast('cleaned.cost_amount_text', 'decimal(18, 4)') }} as cost_amount
    from cleaned
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed') }} as ignored_value,
        exchange_rates.currency_code,
        exchange_rates.exchange_rate,
        coalesce(
            {{ date_problem('typed.started_at_text', 'limits.latest_permitted_date') }},
            {{ number_problem('typed.cost_amount_text', factor='exchange_rates.exchange_rate') }},
            {{ currency_problem('exchange_rates') }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__run_limits') }} as limits
    left join {{ ref('stg_reference__exchange_rates') }} as exchange_rates
        on coalesce(typed.currency_text, '') = exchange_rates.currency_word
            and typed.started_date >= exchange_rates.valid_from_date
            and typed.started_date < exchange_rates.valid_before_date
),

deduplicated as (
    {{ deduplicate_and_reject(source('marketing', 'campaigns'), 'checked', raw_columns, [
        'campaign_id', 'campaign_name', 'channel', 'cost_amount', 'currency_code', 'exchange_rate',
        'started_date', 'started_at',
    ]) }}
)

select * from deduplicated
