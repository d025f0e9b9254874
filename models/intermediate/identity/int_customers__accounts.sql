-- one row per customer that is an account of the CRM: its newest account
with accounts as (
    select * from {{ ref('stg_crm__accounts') }}
),

identity_map as (
    select
        source_record_id,
        customer_id
    from {{ ref('customer_identity_map') }}
    where source_system = 'crm' and source_table = 'accounts'
),

ranked as (
    select
        identity_map.customer_id,
        accounts.account_id,
        accounts.industry,
        accounts.sub_industry,
        accounts.employee_count,
        {{ in_base_currency('accounts.annual_revenue_amount', 'accounts.exchange_rate') }}
            as annual_revenue_amount,
        accounts.influence_level,
        accounts.owner_id,
        accounts.lead_source,
        accounts.province,
        accounts.country,
        count(*) over (partition by identity_map.customer_id) as account_count,
        row_number() over (
            partition by identity_map.customer_id
            order by
                coalesce(accounts.updated_at, accounts.created_at) desc nulls last,
                accounts.account_id
        ) as account_rank
    from accounts
    inner join identity_map
        on accounts.account_id = identity_map.source_record_id
),

final as (
    select
        customer_id,
        account_id,
        industry,
        sub_industry,
        employee_count,
        annual_revenue_amount,
        influence_level,
        owner_id,
        lead_source,
        province,
        country,
        account_count
    from ranked
    where account_rank = 1
)

select * from final
