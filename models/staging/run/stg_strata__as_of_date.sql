-- one row: the date that this run describes, and the first one that its data covers
with limits as (
    select latest_permitted_date from {{ ref('stg_strata__run_limits') }}
),

business_dates as (
    select ordered_date as business_date
    from {{ ref('base_erp__orders') }}
    where row_status = 'kept'

    union all

    select refunded_date as business_date
    from {{ ref('base_erp__refunds') }}
    where row_status = 'kept'
),

data_range as (
    select
        min(business_dates.business_date) as first_business_date,
        max(business_dates.business_date) as last_business_date
    from business_dates
),

final as (
    select
        data_range.first_business_date,
        {% if var('as_of_date') %}
        limits.latest_permitted_date as as_of_date
        {% else %}
        coalesce(data_range.last_business_date, limits.latest_permitted_date) as as_of_date
        {% endif %}
    from limits
    cross join data_range
)

select * from final
