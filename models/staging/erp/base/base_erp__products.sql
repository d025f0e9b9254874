-- one row per raw row of erp_products
{% set raw_columns = [
    'product_code', 'product_name', 'category', 'unit_cost', 'currency', 'updated_at',
] %}
with source_rows as (
    select * from {{ source('erp', 'products') }}
),

placeholders as (
    {{ placeholder_words() }}
),

as_of as (
    select as_of_date from {{ ref('stg_strata__as_of_date') }}
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
        {{ known_key('product_code') }} as product_code,
        {{ clean_text('product_name') }} as product_name,
        {{ clean_text('category') }} as product_category,
        {{ clean_key('unit_cost') }} as unit_cost_text,
        {{ clean_word('currency') }} as currency_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from source_rows
    cross join placeholders
),

typed as (
    select
        cleaned.*,
        {{ dbt.safe_cast('cleaned.unit_cost_text', 'decimal(18, 4)') }} as unit_cost,
        coalesce(
            currency_aliases.value, upper(cleaned.currency_text), '{{ var("base_currency") }}'
        ) as currency_code,
        cleaned.unit_cost_text is not null and cleaned.currency_text is null as is_currency_assumed,
        {{ utc_timestamp('cleaned.updated_at_text') }} as updated_at
    from cleaned
    left join currency_aliases
        on cleaned.currency_text = currency_aliases.alias
),

checked as (
    select
        typed.*,
        typed.product_code as source_key,
        {{ ignored_value('typed', {}) }} as ignored_value,
        exchange_rates.exchange_rate,
        coalesce(
            case when typed.product_code is null then 'missing_key: product_code' end,
            {{ number_problem(
                'typed.unit_cost_text', 'typed.unit_cost', factor='exchange_rates.exchange_rate'
            ) }},
            case when known_currencies.currency_code is null then 'unknown_currency: currency' end,
            case
                when exchange_rates.exchange_rate is null then 'missing_exchange_rate: currency'
            end,
            {{ date_problem('typed.updated_at_text', 'typed.updated_at', required=false) }}
        ) as problem
    from typed
    cross join as_of
    left join known_currencies
        on typed.currency_code = known_currencies.currency_code
    left join exchange_rates
        on typed.currency_code = exchange_rates.currency_code
            and as_of.as_of_date >= exchange_rates.valid_from_date
            and as_of.as_of_date < exchange_rates.valid_before_date
),

fated as (
    {{ deduplicate_and_reject(source('erp', 'products'), 'checked', raw_columns, [
        'product_code', 'product_name', 'product_category', 'currency_code', 'unit_cost',
        'exchange_rate', 'is_currency_assumed',
    ]) }}
)

select * from fated
