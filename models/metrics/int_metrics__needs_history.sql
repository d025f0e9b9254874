-- one row per customer with a named need per as_of_date on which needs are fresh
with dates as (
    select as_of_date from {{ ref('int_sources__fresh_history') }} where has_crm_needs
),

needs as (
    select * from {{ ref('int_needs__attributed') }}
),

-- How often each need was noted by then, and when last.
noted as (
    select
        needs.customer_id,
        dates.as_of_date,
        needs.need_key,
        count(*) as noted_count,
        max(needs.noted_date) as last_noted_date
    from needs
    inner join dates
        on needs.noted_date <= dates.as_of_date
    where needs.customer_id is not null and needs.need_key is not null
    group by needs.customer_id, dates.as_of_date, needs.need_key
),

ranked as (
    select
        *,
        row_number() over (
            partition by customer_id, as_of_date
            order by noted_count desc, last_noted_date desc, need_key
        ) as need_rank
    from noted
),

final as (
    select
        customer_id,
        as_of_date,
        need_key as main_need_key
    from ranked
    where need_rank = 1
)

select * from final
