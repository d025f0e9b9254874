{#-
    The tables of the source contract, for the models that speak of all of them. Returns list of
    dicts: system, table, key (column) and date, the staged column that dates a row (none if nothing
    does).
-#}
{% macro contract_tables() %}
    {% set tables = [] %}
    {% for system, table, key, date in [
        ('erp', 'orders', 'order_id', 'ordered_date'),
        ('erp', 'order_lines', 'order_line_id', none),
        ('erp', 'refunds', 'refund_id', 'refunded_date'),
        ('erp', 'products', 'product_code', none),
        ('erp', 'customers', 'customer_code', 'created_date'),
        ('crm', 'accounts', 'account_id', 'created_date'),
        ('crm', 'contacts', 'contact_id', 'created_date'),
        ('crm', 'opportunities', 'opportunity_id', 'created_date'),
        ('crm', 'activities', 'activity_id', 'occurred_date'),
        ('crm', 'needs', 'need_id', 'noted_date'),
        ('crm', 'owners', 'owner_id', none),
        ('billing', 'contracts', 'contract_id', 'start_date'),
        ('product', 'users', 'user_id', 'created_date'),
        ('product', 'events', 'event_id', 'occurred_date'),
        ('support', 'tickets', 'ticket_id', 'opened_date'),
        ('support', 'nps_responses', 'response_id', 'responded_date'),
        ('marketing', 'subscribers', 'subscriber_id', 'created_date'),
        ('marketing', 'campaigns', 'campaign_id', 'started_date'),
        ('marketing', 'touches', 'touch_id', 'occurred_date'),
        ('feedback', 'playbook_outcomes', 'outcome_id', 'occurred_date'),
        ('feedback', 'erasure_requests', 'request_id', 'requested_date'),
        ('model', 'identity_pairs', 'pair_id', none),
        ('model', 'lifetime_values', 'customer_id', 'as_of_date'),
        ('model', 'customer_clusters', 'customer_id', 'as_of_date'),
    ] %}
        {% do tables.append({'system': system, 'table': table, 'key': key, 'date': date}) %}
    {% endfor %}
    {{ return(tables) }}
{% endmacro %}
