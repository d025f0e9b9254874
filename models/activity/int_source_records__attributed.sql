-- one row per source record that is tied to a customer
with own_records as (
    select
        case
            when source_system = 'erp' then 'erp_customers'
            else source_system || '_' || source_table
        end as source_table,
        source_record_id,
        customer_id,
        case when source_table = 'orders' then 'orders_only' else 'own_record' end as tie
    from {{ ref('customer_identity_map') }}
),

members as (
    select
        'crm_contacts' as source_table,
        contact_id as source_record_id,
        account_id
    from {{ ref('stg_crm__contacts') }}

    union all

    select
        'product_users' as source_table,
        user_id as source_record_id,
        account_id
    from {{ ref('stg_product__users') }}
),

direct_ties as (
    select * from own_records

    union all

    select
        members.source_table,
        members.source_record_id,
        accounts.customer_id,
        'account' as tie
    from members
    inner join own_records as accounts
        on accounts.source_table = 'crm_accounts'
            and members.account_id = accounts.source_record_id
),

support_rows as (
    select
        'support_tickets' as source_table,
        ticket_id as source_record_id,
        customer_code,
        order_id,
        contact_id
    from {{ ref('stg_support__tickets') }}

    union all

    select
        'support_nps_responses' as source_table,
        response_id as source_record_id,
        customer_code,
        order_id,
        contact_id
    from {{ ref('stg_support__nps_responses') }}
),

-- The keys that a ticket or response names itself, the surest first.
named_ties as (
    select
        support_rows.source_table,
        support_rows.source_record_id,
        coalesce(codes.customer_id, order_codes.customer_id, contacts.customer_id) as customer_id,
        case
            when codes.customer_id is not null then 'customer_code'
            when order_codes.customer_id is not null then 'order'
            else 'contact'
        end as tie
    from support_rows
    left join direct_ties as codes
        on codes.source_table = 'erp_customers'
            and support_rows.customer_code = codes.source_record_id
    left join {{ ref('stg_erp__orders') }} as orders
        on support_rows.order_id = orders.order_id
    left join direct_ties as order_codes
        on order_codes.source_table = 'erp_customers'
            and orders.customer_code = order_codes.source_record_id
    left join direct_ties as contacts
        on contacts.source_table = 'crm_contacts'
            and support_rows.contact_id = contacts.source_record_id
    where coalesce(codes.customer_id, order_codes.customer_id, contacts.customer_id) is not null
),

sure_ties as (
    select * from direct_ties

    union all

    select * from named_ties
),

points as (
    select * from {{ ref('int_contact_points__listed') }} where not is_blocked
),

-- A value that two customers carry tells nothing about either.
telling_values as (
    select
        points.identifier_type,
        points.identifier_value,
        min(direct_ties.customer_id) as customer_id
    from points
    inner join direct_ties
        on points.source_table = direct_ties.source_table
            and points.source_record_id = direct_ties.source_record_id
    group by points.identifier_type, points.identifier_value
    having min(direct_ties.customer_id) = max(direct_ties.customer_id)
),

-- Nor does a record whose values lead to two customers.
looked_up as (
    select
        points.source_table,
        points.source_record_id,
        min(telling_values.customer_id) as customer_id,
        'contact_point' as tie
    from points
    inner join telling_values
        on points.identifier_type = telling_values.identifier_type
            and points.identifier_value = telling_values.identifier_value
    left join sure_ties
        on points.source_table = sure_ties.source_table
            and points.source_record_id = sure_ties.source_record_id
    where sure_ties.source_record_id is null
    group by points.source_table, points.source_record_id
    having min(telling_values.customer_id) = max(telling_values.customer_id)
)

select * from sure_ties

union all

select * from looked_up
