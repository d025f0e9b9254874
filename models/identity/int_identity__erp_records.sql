-- one row per customer number of the order system
with erp_customers as (
    select * from {{ ref('stg_erp__customers') }}
),

seen_in_activity as (
    select
        customer_code,
        ordered_date as seen_date
    from {{ ref('stg_erp__orders') }}

    union all

    select
        customer_code,
        refunded_date as seen_date
    from {{ ref('stg_erp__refunds') }}
),

activity as (
    select
        customer_code,
        min(seen_date) as first_activity_date
    from seen_in_activity
    where customer_code is not null
    group by customer_code
),

records as (
    select
        'erp:' || coalesce(erp_customers.customer_code, activity.customer_code) as record_key,
        case when erp_customers.customer_code is null then 'orders' else 'customers' end
            as source_table,
        coalesce(erp_customers.customer_code, activity.customer_code) as source_record_id,
        coalesce(erp_customers.customer_type, '{{ var("default_customer_type") }}')
            as customer_type,
        erp_customers.customer_name,
        erp_customers.given_name,
        erp_customers.surname,
        erp_customers.email,
        erp_customers.phone,
        erp_customers.tax_id,
        erp_customers.member_id,
        erp_customers.national_id,
        erp_customers.birth_date,
        erp_customers.address,
        erp_customers.street,
        erp_customers.house_number,
        erp_customers.city,
        erp_customers.province,
        erp_customers.country,
        erp_customers.postcode,
        erp_customers.website_domain,
        erp_customers.channel_type,
        least(
            coalesce(erp_customers.created_date, activity.first_activity_date),
            coalesce(activity.first_activity_date, erp_customers.created_date)
        ) as first_seen_date,
        coalesce(erp_customers.updated_at, erp_customers.created_at) as updated_at
    from erp_customers
    full outer join activity
        on erp_customers.customer_code = activity.customer_code
)

select * from records
