-- one row per table of the source contract whose rows belong to customers
{% set records = [
    'erp_customers', 'crm_accounts', 'crm_contacts', 'product_users', 'marketing_subscribers',
] %}
{% set facts = {
    'erp_orders': 'orders',
    'erp_order_lines': 'int_order_lines__valued',
    'erp_refunds': 'int_refunds__attributed',
    'crm_opportunities': 'int_opportunities__attributed',
    'crm_activities': 'int_activities__attributed',
    'crm_needs': 'int_needs__attributed',
    'billing_contracts': 'int_contracts__attributed',
    'product_events': 'int_product_events__attributed',
    'support_tickets': 'int_tickets__attributed',
    'support_nps_responses': 'int_nps_responses__attributed',
    'marketing_touches': 'int_touches__attributed',
} %}
with
{% for source_table in records -%}
{{ source_table }} as (
    select
        '{{ source_table }}' as source_table,
        count(*) as tied_count,
        count(distinct customer_id) as customer_count
    from {{ ref('int_source_records__attributed') }}
    where source_table = '{{ source_table }}' and tie <> 'orders_only'
),
{% endfor %}
{% for source_table, model in facts.items() -%}
{{ source_table }} as (
    select
        '{{ source_table }}' as source_table,
        count(customer_id) as tied_count,
        count(distinct customer_id) as customer_count
    from {{ ref(model) }}
),
{% endfor %}

final as (
    {% for source_table in records + facts.keys() | list -%}
    select * from {{ source_table }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
