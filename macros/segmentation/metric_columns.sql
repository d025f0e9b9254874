{#-
    The metrics that a rule may name and that are numbers; seeds/policy/metrics.csv describes them,
    and a test holds the two together. Returns list of column names.
-#}
{% macro numeric_metrics() %}
    {{ return([
        'days_since_first_order', 'days_since_last_order', 'days_between_last_two_orders',
        'order_count', 'order_count_90d', 'order_count_365d',
        'gross_revenue_amount', 'gross_revenue_amount_365d',
        'refund_amount', 'refund_amount_365d',
        'net_revenue_amount', 'net_revenue_amount_90d', 'net_revenue_amount_365d',
        'previous_net_revenue_amount_365d', 'average_order_amount',
        'refund_rate', 'net_revenue_growth_rate', 'higher_value_share_rate',
        'recency_score', 'frequency_score', 'monetary_score', 'rfm_score',
    ]) }}
{% endmacro %}

{#- The metrics that a rule may name and that are words. Returns list of column names. -#}
{% macro text_metrics() %}
    {{ return([
        'customer_type', 'country', 'channel_type', 'rfm_segment_key', 'rfm_group_key',
        'tier_key', 'lifecycle_stage_key',
    ]) }}
{% endmacro %}
