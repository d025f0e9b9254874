-- one row per customer that belongs to a group of companies
with customer_accounts as (
    select
        customer_id,
        account_id
    from {{ ref('int_customers__accounts') }}
),

hierarchy as (
    select * from {{ ref('int_accounts__hierarchy') }}
),

account_customers as (
    select
        source_record_id as account_id,
        customer_id
    from {{ ref('customer_identity_map') }}
    where source_system = 'crm' and source_table = 'accounts'
),

-- The customer whose account stands at the top names the group.
tops as (
    select
        customer_accounts.customer_id,
        account_customers.customer_id as group_customer_id
    from customer_accounts
    inner join hierarchy
        on customer_accounts.account_id = hierarchy.account_id
    inner join account_customers
        on hierarchy.top_account_id = account_customers.account_id
),

-- A customer that others name as top heads the group.
heads as (
    select group_customer_id
    from tops
    where customer_id <> group_customer_id
    group by group_customer_id
),

-- The head may have a newer account of its own, below nobody or in another group; it stays with its own.
members as (
    select
        tops.customer_id,
        coalesce(heads.group_customer_id, tops.group_customer_id) as group_customer_id
    from tops
    left join heads
        on tops.customer_id = heads.group_customer_id
),

final as (
    select
        customer_id,
        group_customer_id
    from (
        select
            customer_id,
            group_customer_id,
            count(*) over (partition by group_customer_id) as member_count
        from members
    ) as counted
    where member_count > 1
)

select * from final
