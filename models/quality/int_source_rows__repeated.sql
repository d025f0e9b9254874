-- one row per table of the source contract whose rows add up
{% set contents = {
    'erp_orders': [ref('stg_erp__orders'), [
        'customer_code', 'currency_code', 'order_status', 'channel', 'promotion_code',
        'order_total_amount', 'ordered_at',
    ]],
    'erp_order_lines': [ref('stg_erp__order_lines'), [
        'order_id', 'product_code', 'quantity', 'unit_price', 'discount_amount',
    ]],
    'erp_refunds': [ref('stg_erp__refunds'), [
        'order_id', 'customer_code', 'currency_code', 'refund_reason', 'refund_amount',
        'refunded_at',
    ]],
    'crm_activities': [ref('stg_crm__activities'), [
        'account_id', 'contact_id', 'owner_id', 'activity_type', 'summary', 'occurred_at',
    ]],
    'product_events': [ref('stg_product__events'), [
        'user_id', 'event_type', 'feature_key', 'occurred_at',
    ]],
    'marketing_touches': [ref('stg_marketing__touches'), [
        'subscriber_id', 'campaign_id', 'touch_type', 'occurred_at',
    ]],
} %}
{% for source_table, (relation, columns) in contents.items() -%}
select
    '{{ source_table }}' as source_table,
    count(*) - count(distinct {{ engine('row_hash', columns) }}) as repeated_content_count
from {{ relation }}
{{ "where customer_code is not null" if source_table == 'erp_orders' }}
{{ 'union all' if not loop.last }}
{% endfor %}
