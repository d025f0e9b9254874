-- one row per table of the source contract whose rows belong to customers
{% set records = [
    'erp_customers', 'crm_accounts', 'crm_contacts', 'product_users', 'marketing_subscribers',
] %}
{% set facts = {
    'erp_orders': 'orders',
    'erp_order_lines': 'int_order_lines__valued',
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

erp_refunds as (
    select
        'erp_refunds' as source_table,
        count(identity_map.customer_id) as tied_count,
        count(distinct identity_map.customer_id) as customer_count
    from {{ ref('int_refunds__attributed') }} as refunds
    inner join {{ ref('customer_identity_map') }} as identity_map
        on refunds.customer_code = identity_map.source_record_id
            and identity_map.source_system = 'erp'
),

final as (
    {% for source_table in records + facts.keys() | list + ['erp_refunds'] -%}
    select * from {{ source_table }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from final
