-- one row per raw row of any table of the source contract
{% set tables = {
    'erp_orders': [ref('base_erp__orders'), 'ordered_date'],
    'erp_order_lines': [ref('base_erp__order_lines'), 'cast(updated_at as date)'],
    'erp_refunds': [ref('base_erp__refunds'), 'refunded_date'],
    'erp_products': [ref('base_erp__products'), 'cast(updated_at as date)'],
    'erp_customers': [ref('base_erp__customers'), 'created_date'],
    'crm_accounts': [ref('base_crm__accounts'), 'created_date'],
    'crm_contacts': [ref('base_crm__contacts'), 'created_date'],
    'crm_opportunities': [ref('base_crm__opportunities'), 'created_date'],
    'crm_activities': [ref('base_crm__activities'), 'occurred_date'],
    'crm_needs': [ref('base_crm__needs'), 'noted_date'],
    'crm_owners': [ref('base_crm__owners'), 'cast(updated_at as date)'],
    'billing_contracts': [ref('base_billing__contracts'), 'start_date'],
    'product_users': [ref('base_product__users'), 'created_date'],
    'product_events': [ref('base_product__events'), 'occurred_date'],
    'support_tickets': [ref('base_support__tickets'), 'opened_date'],
    'support_nps_responses': [ref('base_support__nps_responses'), 'responded_date'],
    'marketing_subscribers': [ref('base_marketing__subscribers'), 'created_date'],
    'marketing_campaigns': [ref('base_marketing__campaigns'), 'started_date'],
    'marketing_touches': [ref('base_marketing__touches'), 'occurred_date'],
    'feedback_playbook_outcomes': [ref('base_feedback__playbook_outcomes'), 'occurred_date'],
    'feedback_erasure_requests': [ref('base_feedback__erasure_requests'), 'requested_date'],
    'model_identity_pairs': [ref('base_model__identity_pairs'), 'cast(updated_at as date)'],
    'model_lifetime_values': [ref('base_model__lifetime_values'), 'as_of_date'],
    'model_customer_clusters': [ref('base_model__customer_clusters'), 'as_of_date'],
} %}
{% for source_table, (relation, row_date) in tables.items() -%}
select
    '{{ source_table }}' as source_table,
    source_key,
    row_status,
    ignored_value,
    rejection_reason,
    rejected_column,
    raw_values,
    {{ row_date }} as row_date
from {{ relation }}
{{ 'union all' if not loop.last }}
{% endfor %}
