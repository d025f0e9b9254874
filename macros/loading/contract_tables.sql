{#-
    The tables of the source contract, for the models that speak of all of them. Returns list of
    dicts: system, table and key (column).
-#}
{% macro contract_tables() %}
    {% set tables = [] %}
    {% for system, table, key in [
        ('erp', 'orders', 'order_id'),
        ('erp', 'order_lines', 'order_line_id'),
        ('erp', 'refunds', 'refund_id'),
        ('erp', 'products', 'product_code'),
        ('erp', 'customers', 'customer_code'),
        ('crm', 'accounts', 'account_id'),
        ('crm', 'contacts', 'contact_id'),
        ('crm', 'opportunities', 'opportunity_id'),
        ('crm', 'activities', 'activity_id'),
        ('crm', 'needs', 'need_id'),
        ('crm', 'owners', 'owner_id'),
        ('billing', 'contracts', 'contract_id'),
        ('product', 'users', 'user_id'),
        ('product', 'events', 'event_id'),
        ('support', 'tickets', 'ticket_id'),
        ('support', 'nps_responses', 'response_id'),
        ('marketing', 'subscribers', 'subscriber_id'),
        ('marketing', 'campaigns', 'campaign_id'),
        ('marketing', 'touches', 'touch_id'),
        ('feedback', 'playbook_outcomes', 'outcome_id'),
        ('feedback', 'erasure_requests', 'request_id'),
        ('model', 'identity_pairs', 'pair_id'),
        ('model', 'lifetime_values', 'customer_id'),
        ('model', 'customer_clusters', 'customer_id'),
    ] %}
        {% do tables.append({'system': system, 'table': table, 'key': key}) %}
    {% endfor %}
    {{ return(tables) }}
{% endmacro %}
