-- one row per word for a currency and period, for the base currency of the run
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

-- Before its first rate a currency is known, and its rate is not.
rates_from_the_start as (
    select * from rates

    union all

    select
        currency_code,
        cast('0001-01-01' as date) as valid_from_date,
        cast(null as decimal(18, 8)) as exchange_rate
    from rates
    group by currency_code
    having min(valid_from_date) > cast('0001-01-01' as date)
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
    from rates_from_the_start
),

aliases as (
    select
        {{ clean_word('alias') }} as currency_word,
        value as currency_code
    from {{ ref('value_aliases') }}
    where value_kind = 'currency'
),

words as (
    select * from aliases

    union all

    select
        lower(rates.currency_code) as currency_word,
        rates.currency_code
    from rates
    left join aliases
        on lower(rates.currency_code) = aliases.currency_word
    where aliases.currency_word is null
    group by rates.currency_code

    union all

    select
        '' as currency_word,
        '{{ var("base_currency") }}' as currency_code
),

final as (
    select
        words.currency_word,
        periods.currency_code,
        periods.valid_from_date,
        periods.valid_before_date,
        periods.exchange_rate
    from periods
    inner join words
        on periods.currency_code = words.currency_code
)

select * from final
