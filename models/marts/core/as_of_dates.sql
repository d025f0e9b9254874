-- one row per as_of_date
with limits as (
    select latest_permitted_date from {{ ref('stg_strata__run_limits') }}
),

business_dates as (
    select ordered_date as business_date from {{ ref('stg_erp__orders') }}

    union all

    select refunded_date as business_date from {{ ref('stg_erp__refunds') }}
),

data_range as (
    select
        min(business_dates.business_date) as first_business_date,
        max(business_dates.business_date) as last_business_date
    from business_dates
),

run_date as (
    select
        data_range.first_business_date,
        {% if var('as_of_date') %}
        limits.latest_permitted_date as as_of_date
        {% else %}
        coalesce(data_range.last_business_date, limits.latest_permitted_date) as as_of_date
        {% endif %}
    from limits
    cross join data_range
),

quarters as (
    {% for number in range(1, var('history_quarters') | int + 1) -%}
    select {{ number }} as quarters_ago
    {{ 'union all' if not loop.last }}
    {% else -%}
    select 0 as quarters_ago where false
    {% endfor %}
),

quarter_ends as (
    select
        run_date.first_business_date,
        cast(
            {{ dbt.dateadd(
                'day', -1,
                dbt.dateadd('month', '-3 * (quarters.quarters_ago - 1)',
                            dbt.date_trunc('quarter', 'run_date.as_of_date'))
            ) }}
            as date
        ) as as_of_date
    from run_date
    cross join quarters
),

dates as (
    select
        as_of_date,
        true as is_current
    from run_date

    union all

    select
        as_of_date,
        false as is_current
    from quarter_ends
    where as_of_date >= first_business_date
)

select * from dates
