-- one row per currency and period, for the base currency of the run
with rates as (
    select
        currency_code,
        valid_from_date,
        exchange_rate
    from {{ ref('exchange_rates') }}
    where base_currency = '{{ var("base_currency") }}'
        and currency_code <> '{{ var("base_currency") }}'

    union all

    select
        '{{ var("base_currency") }}' as currency_code,
        cast('0001-01-01' as date) as valid_from_date,
        cast(1 as decimal(18, 8)) as exchange_rate
),

periods as (
    select
        currency_code,
        valid_from_date,
        coalesce(
            lead(valid_from_date) over (partition by currency_code order by valid_from_date),
            cast('9999-12-31' as date)
        ) as valid_before_date,
        -- Long, since DuckDB multiplies two short decimals as a short one, which overflows at a
        -- million.
        cast(exchange_rate as decimal(28, 8)) as exchange_rate
    from rates
)

select * from periods
