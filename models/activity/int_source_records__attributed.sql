-- one row per source record that is tied to a customer
with identity_map as (
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

members_of_accounts as (
    select
        'crm_contacts' as source_table,
        contact_id as source_record_id,
        account_id
    from {{ ref('stg_crm__contacts') }}
    where account_id is not null

    union all

    select
        'product_users' as source_table,
        user_id as source_record_id,
        account_id
    from {{ ref('stg_product__users') }}
    where account_id is not null
),

direct_ties as (
    select
        source_table,
        source_record_id,
        customer_id,
        tie
    from identity_map

    union all

    select
        members_of_accounts.source_table,
        members_of_accounts.source_record_id,
        identity_map.customer_id,
        'account' as tie
    from members_of_accounts
    inner join identity_map
        on members_of_accounts.account_id = identity_map.source_record_id
            and identity_map.source_table = 'crm_accounts'
),

-- The keys that a ticket or response names itself, the surest first.
support_rows as (
    {% for item in [
        {'table': 'tickets', 'key': 'ticket_id'},
        {'table': 'nps_responses', 'key': 'response_id'},
    ] -%}
    select
        'support_{{ item.table }}' as source_table,
        {{ item.key }} as source_record_id,
        customer_code,
        order_id,
        contact_id
    from {{ ref('stg_support__' ~ item.table) }}
    where coalesce(customer_code, order_id, contact_id) is not null
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

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
    left join identity_map as codes
        on support_rows.customer_code = codes.source_record_id
            and codes.source_table = 'erp_customers'
    left join {{ ref('stg_erp__orders') }} as orders
        on support_rows.order_id = orders.order_id
    left join identity_map as order_codes
        on orders.customer_code = order_codes.source_record_id
            and order_codes.source_table = 'erp_customers'
    left join direct_ties as contacts
        on support_rows.contact_id = contacts.source_record_id
            and contacts.source_table = 'crm_contacts'
    where coalesce(codes.customer_id, order_codes.customer_id, contacts.customer_id) is not null
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
        min(telling_values.customer_id) as customer_id
    from points
    inner join telling_values
        on points.identifier_type = telling_values.identifier_type
            and points.identifier_value = telling_values.identifier_value
    left join direct_ties
        on points.source_table = direct_ties.source_table
            and points.source_record_id = direct_ties.source_record_id
    left join named_ties
        on points.source_table = named_ties.source_table
            and points.source_record_id = named_ties.source_record_id
    where direct_ties.source_record_id is null
        and named_ties.source_record_id is null
    group by points.source_table, points.source_record_id
    having min(telling_values.customer_id) = max(telling_values.customer_id)
),

final as (
    select
        source_table,
        source_record_id,
        customer_id,
        tie
    from direct_ties

    union all

    select
        source_table,
        source_record_id,
        customer_id,
        tie
    from named_ties

    union all

    select
        source_table,
        source_record_id,
        customer_id,
        'contact_point' as tie
    from looked_up
)

select * from final
