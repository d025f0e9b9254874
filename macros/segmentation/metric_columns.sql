{#-
    The numbers of `customer_metrics`. seeds/policy/metrics.csv describes every metric, and a test holds
    the lists here and that seed together. Returns list of column names.
-#}
{% macro activity_metrics() %}
    {{ return([
        'days_since_first_seen', 'days_since_first_order', 'days_since_last_order',
        'days_since_last_purchase', 'days_between_last_two_orders', 'order_count',
        'order_count_90d', 'order_count_365d', 'gross_revenue_amount', 'gross_revenue_amount_365d',
        'refund_amount', 'refund_amount_365d', 'net_revenue_amount', 'net_revenue_amount_90d',
        'net_revenue_amount_365d', 'previous_net_revenue_amount_365d', 'average_order_amount',
        'refund_rate', 'net_revenue_growth_rate', 'discount_amount', 'discount_amount_365d',
        'discount_rate', 'product_cost_amount', 'product_cost_amount_365d', 'handling_minutes',
        'handling_minutes_365d', 'service_cost_amount', 'service_cost_amount_365d', 'profit_amount',
        'profit_amount_365d', 'average_basket_units', 'category_count',
        'favourite_category_share_rate', 'median_interpurchase_days', 'interpurchase_ratio',
        'channel_count', 'promotion_order_rate', 'contract_count', 'annual_contract_amount',
        'trial_contract_count', 'days_until_contract_end', 'open_opportunity_count',
        'open_opportunity_amount', 'won_opportunity_count', 'lost_opportunity_count', 'win_rate',
        'strong_competition_rate', 'average_decision_days', 'sales_activity_count_90d',
        'days_since_last_sales_activity', 'login_count', 'login_days_30d',
        'previous_login_days_30d', 'login_days_change_rate', 'active_user_count_30d',
        'feature_count_90d', 'higher_plan_use_count_90d', 'days_since_last_login', 'touch_count',
        'sent_count_90d', 'open_count_90d', 'click_count_90d', 'open_rate_90d', 'social_count_365d',
        'event_count_365d', 'days_since_last_response', 'ticket_count', 'ticket_count_90d',
        'complaint_count_90d', 'open_complaint_count', 'average_first_response_hours_365d',
        'average_satisfaction_score_365d', 'nps_score', 'days_since_nps_response',
        'nps_response_count', 'interaction_count_90d', 'days_since_last_interaction',
        'days_since_last_activity', 'employee_count', 'contact_count', 'decision_role_count',
        'decision_maker_count', 'profile_completeness_rate', 'potential_amount',
    ]) }}
{% endmacro %}

{#- The metrics that a rule may name and that are numbers. Returns list of column names. -#}
{% macro numeric_metrics() %}
    {{ return(activity_metrics() + [
        'own_value_amount', 'value_amount', 'higher_value_share_rate', 'value_percentile_rate',
        'recency_score', 'frequency_score', 'monetary_score', 'rfm_score', 'difficulty_score',
        'health_score', 'score_confidence',
    ]) }}
{% endmacro %}

{#- The metrics that a rule may name and that are words. Returns list of column names. -#}
{% macro text_metrics() %}
    {{ return([
        'customer_type', 'favourite_category', 'favourite_channel', 'contract_plan',
        'competition_level', 'tender_stage', 'main_need_key', 'industry', 'sub_industry',
        'size_band', 'influence_level', 'lead_source', 'age_band', 'gender', 'occupation',
        'income_band', 'education', 'country', 'province', 'channel_type', 'rfm_segment_key',
        'rfm_group_key', 'tier_key', 'lifecycle_stage_key', 'matrix_key',
    ]) }}
{% endmacro %}

{#-
    The metrics that rules of lifecycle, tier and matrix may not use, since they are made of what those
    rules decide or are known for the current date only. Returns list of column names.
-#}
{% macro second_stage_metrics() %}
    {{ return([
        'tier_key', 'lifecycle_stage_key', 'matrix_key', 'health_score', 'score_confidence',
    ]) }}
{% endmacro %}
