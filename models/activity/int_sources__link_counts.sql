-- one row per table of the source contract whose rows belong to customers
{% set facts = {
    'erp_orders': ref('int_orders__attributed'),
    'erp_refunds': ref('int_refunds__attributed'),
    'crm_opportunities': ref('int_opportunities__attributed'),
    'crm_activities': ref('int_activities__attributed'),
    'crm_needs': ref('int_needs__attributed'),
    'billing_contracts': ref('int_contracts__attributed'),
    'product_events': ref('int_product_events__attributed'),
    'support_tickets': ref('int_tickets__attributed'),
    'support_nps_responses': ref('int_nps_responses__attributed'),
    'marketing_touches': ref('int_touches__attributed'),
} %}
{% for source_table in [
    'erp_customers', 'crm_accounts', 'crm_contacts', 'product_users', 'marketing_subscribers',
] -%}
select
    '{{ source_table }}' as source_table,
    count(*) as tied_count,
    count(distinct customer_id) as customer_count
from {{ ref('int_source_records__attributed') }}
where source_table = '{{ source_table }}' and tie <> 'orders_only'

union all

{% endfor -%}
select
    'erp_order_lines' as source_table,
    count(orders.customer_id) as tied_count,
    count(distinct orders.customer_id) as customer_count
from {{ ref('stg_erp__order_lines') }} as lines
inner join {{ ref('int_orders__attributed') }} as orders
    on lines.order_id = orders.order_id

union all

{% for source_table, relation in facts.items() -%}
select
    '{{ source_table }}' as source_table,
    count(customer_id) as tied_count,
    count(distinct customer_id) as customer_count
from {{ relation }}
{{ 'union all' if not loop.last }}
{% endfor %}
