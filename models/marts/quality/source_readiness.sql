-- one row per table of the source contract
{% set ignoring_tables = {
    'erp_customers': 'stg_erp__customers',
    'crm_contacts': 'stg_crm__contacts',
    'crm_owners': 'stg_crm__owners',
    'product_users': 'stg_product__users',
    'support_tickets': 'stg_support__tickets',
    'support_nps_responses': 'stg_support__nps_responses',
    'marketing_subscribers': 'stg_marketing__subscribers',
} %}
with fates as (
    {% for item in contract_tables() -%}
    select
        '{{ item.system }}_{{ item.table }}' as source_table,
        count(*) as row_count,
        count(*) filter (where row_fate = 'kept') as kept_count,
        count(*) filter (where row_fate = 'older_version') as older_version_count,
        count(*) filter (where row_fate = 'rejected') as rejected_count,
        max(case when row_fate = 'kept' then {{ item.date or 'cast(updated_at as date)' }} end)
            as newest_date
    from {{ ref('base_' ~ item.system ~ '__' ~ item.table) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Kept rows of which a value, or a part of it, was set aside.
ignored as (
    select
        'crm_accounts' as source_table,
        count(*) as ignored_value_count
    from {{ ref('int_accounts__hierarchy') }} as hierarchy
    inner join {{ ref('stg_crm__accounts') }} as accounts
        on hierarchy.account_id = accounts.account_id
    where hierarchy.has_ignored_parent or accounts.ignored_value is not null

    {% for source_table, model in ignoring_tables.items() -%}
    union all

    select
        '{{ source_table }}' as source_table,
        count(ignored_value) as ignored_value_count
    from {{ ref(model) }}
    {% endfor %}
),

tied as (
    select * from {{ ref('int_source_rows__tied') }}
),

customer_total as (
    select count(*) as customer_count from {{ ref('customers') }}
),

as_of as (
    select as_of_date from {{ ref('as_of_dates') }} where is_current
),

limits as (
    select limits.*
    from {{ ref('source_limits') }} as limits
    inner join {{ ref('int_policy__current') }} as policy
        on limits.policy_key = policy.policy_key
),

final as (
    select
        fates.source_table,
        fates.row_count,
        fates.kept_count,
        fates.older_version_count,
        fates.rejected_count,
        coalesce(ignored.ignored_value_count, 0) as ignored_value_count,
        tied.tied_count,
        cast(tied.tied_count as double) / nullif(fates.kept_count, 0) as tied_rate,
        case
            when fates.row_count > 0
                then cast(tied.customer_count as double) / nullif(customer_total.customer_count, 0)
        end as customer_coverage_rate,
        cast(limits.stale_after_days as bigint) as stale_after_days,
        fates.row_count > 0 as is_present,
        -- Without a limit, or without a date, a table is never stale.
        coalesce(
            {{ dbt.datediff('fates.newest_date', 'as_of.as_of_date', 'day') }}
            > limits.stale_after_days,
            false
        ) as is_stale,
        fates.newest_date
    from fates
    cross join customer_total
    cross join as_of
    left join limits
        on fates.source_table = limits.source_table
    left join ignored
        on fates.source_table = ignored.source_table
    left join tied
        on fates.source_table = tied.source_table
)

select * from final
