-- one row per raw row of erp_products
{% set raw_columns = [
    'product_code', 'product_name', 'category', 'unit_cost', 'currency', 'updated_at',
] %}
with cleaned as (
    select
        {{ known_key('product_code') }} as product_code,
        {{ clean_text('product_name') }} as product_name,
        {{ clean_text('category') }} as product_category,
        {{ clean_key('unit_cost') }} as unit_cost_text,
        {{ clean_word('currency') }} as currency_text,
        {{ iso_timestamp_text('updated_at') }} as updated_at_text,
        {{ raw_copies(raw_columns) }}
    from {{ source('erp', 'products') }}
    cross join {{ ref('stg_reference__placeholders') }} as placeholders
),

typed as (
    select
        cleaned.*,
        {{ dbt.safe_cast('cleaned.unit_cost_text', 'decimal(18, 4)') }} as unit_cost,
        cleaned.unit_cost_text is not null and cleaned.currency_text is null as is_currency_assumed
    from cleaned
),

checked as (
    select
        typed.*,
        {{ ignored_value('typed') }} as ignored_value,
        exchange_rates.currency_code,
        exchange_rates.exchange_rate,
        coalesce(
            {{ number_problem('typed.unit_cost_text', factor='exchange_rates.exchange_rate') }},
            {{ currency_problem('exchange_rates') }}
        ) as problem
    from typed
    cross join {{ ref('stg_strata__as_of_date') }} as as_of
    left join {{ ref('stg_reference__exchange_rates') }} as exchange_rates
        on coalesce(typed.currency_text, '') = exchange_rates.currency_word
            and as_of.as_of_date >= exchange_rates.valid_from_date
            and as_of.as_of_date < exchange_rates.valid_before_date
),

deduplicated as (
    {{ deduplicate_and_reject(source('erp', 'products'), 'checked', raw_columns, [
        'product_code', 'product_name', 'product_category', 'currency_code', 'unit_cost',
        'exchange_rate', 'is_currency_assumed',
    ]) }}
)

select * from deduplicated
