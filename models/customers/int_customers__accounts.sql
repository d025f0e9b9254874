-- one row per customer that is an account of the CRM
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
        {{ engine('in_base_currency', 'accounts.annual_revenue_amount', 'accounts.exchange_rate') }}
            as annual_revenue_amount,
        accounts.influence_level,
        accounts.owner_id,
        accounts.lead_source,
        accounts.province,
        accounts.country,
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
        {{ engine('first_filled', 'account_id', 'account_rank') }} as account_id,
        {{ engine('first_filled', 'industry', 'account_rank') }} as industry,
        -- The finer class belongs to the industry beside it.
        nullif(
            {{ engine(
                'first_filled',
                "case when industry is null then sub_industry else coalesce(sub_industry, '') end",
                'account_rank'
            ) }},
            ''
        ) as sub_industry,
        {{ engine('first_filled', 'employee_count', 'account_rank') }} as employee_count,
        {{ engine('first_filled', 'annual_revenue_amount', 'account_rank') }}
            as annual_revenue_amount,
        {{ engine('first_filled', 'influence_level', 'account_rank') }} as influence_level,
        {{ engine('first_filled', 'owner_id', 'account_rank') }} as owner_id,
        {{ engine('first_filled', 'lead_source', 'account_rank') }} as lead_source,
        {{ engine('first_filled', 'province', 'account_rank') }} as province,
        {{ engine('first_filled', 'country', 'account_rank') }} as country,
        count(*) as account_count
    from ranked
    group by customer_id
)

select * from final
