-- one row per table of the source contract
with statuses as (
    select * from {{ ref('int_source_rows__counted') }}
),

-- A loop of parents shows only when all accounts are looked at.
accounts as (
    select count(*) as ignored_value_count
    from {{ ref('stg_crm__accounts') }} as accounts
    inner join {{ ref('int_accounts__hierarchy') }} as hierarchy
        on accounts.account_id = hierarchy.account_id
    where accounts.ignored_value is not null or hierarchy.has_ignored_parent
),

repeated as (
    select * from {{ ref('int_source_rows__repeated') }}
),

tied as (
    select * from {{ ref('int_sources__link_counts') }}
),

customer_total as (
    select count(*) as customer_count from {{ ref('customers') }}
),

as_of as (
    select as_of_date from {{ ref('as_of_dates') }} where is_current
),

run_limits as (
    select latest_permitted_date from {{ ref('stg_strata__run_limits') }}
),

limits as (
    select limits.*
    from {{ ref('source_limits') }} as limits
    inner join {{ ref('int_policy__current') }} as policy
        on limits.policy_key = policy.policy_key
),

final as (
    select
        statuses.source_table,
        statuses.row_count,
        statuses.kept_count,
        statuses.older_version_count,
        statuses.rejected_count,
        case
            when statuses.source_table = 'crm_accounts' then accounts.ignored_value_count
            else statuses.ignored_value_count
        end as ignored_value_count,
        repeated.repeated_content_count,
        tied.tied_count,
        cast(tied.tied_count as double) / nullif(statuses.kept_count, 0) as tied_rate,
        case
            when statuses.row_count > 0
                then cast(tied.customer_count as double) / nullif(customer_total.customer_count, 0)
        end as customer_coverage_rate,
        limits.action as stale_action,
        cast(limits.stale_after_days as bigint) as stale_after_days,
        statuses.row_count > 0 as is_present,
        -- Without a limit, or without a date, a table is never stale. Orders mostly set the date
        -- that is described, so that they are compared with the last date that the run accepts.
        coalesce(
            case
                when statuses.source_table = 'erp_orders'
                    then {{ dbt.datediff('statuses.newest_date', 'run_limits.latest_permitted_date', 'day') }}
                else {{ dbt.datediff('statuses.newest_date', 'as_of.as_of_date', 'day') }}
            end > limits.stale_after_days,
            false
        ) as is_stale,
        statuses.newest_date
    from statuses
    cross join customer_total
    cross join as_of
    cross join accounts
    cross join run_limits
    left join limits
        on statuses.source_table = limits.source_table
    left join repeated
        on statuses.source_table = repeated.source_table
    left join tied
        on statuses.source_table = tied.source_table
)

select * from final
