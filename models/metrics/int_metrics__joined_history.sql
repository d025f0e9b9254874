-- one row per customer per as_of_date
{% set sources = {
    'baskets': 'erp_order_lines', 'categories': 'erp_order_lines',
    'contracts': 'billing_contracts', 'product_use': 'product_events',
    'marketing': 'marketing_touches', 'support': 'support_tickets',
    'surveys': 'support_nps_responses', 'needs': 'crm_needs',
} %}
with revenue as (
    select * from {{ ref('int_metrics__revenue_history') }}
),

-- What is tied to customers and not stale on that day.
presence as (
    select * from {{ ref('int_sources__fresh_history') }}
),

{% for name, source_table in sources.items() -%}
{{ name }} as (
    select history.*
    from {{ ref('int_metrics__' ~ name ~ '_history') }} as history
    inner join presence
        on history.as_of_date = presence.as_of_date
    where presence.has_{{ source_table }}
),

{% endfor -%}
interpurchase as (
    select * from {{ ref('int_metrics__interpurchase_history') }}
),

channels as (
    select * from {{ ref('int_metrics__channels_history') }}
),

sales as (
    select * from {{ ref('int_metrics__sales_history') }}
),

customer_interactions as (
    select * from {{ ref('int_metrics__interactions_history') }}
),

as_of as (
    select as_of_date from {{ ref('as_of_dates') }} where is_current
),

-- What a record says of itself is known for today only.
profiles as (
    select
        profiles.*,
        as_of.as_of_date
    from {{ ref('int_metrics__profiles') }} as profiles
    cross join as_of
),

potential as (
    select
        potential.*,
        as_of.as_of_date
    from {{ ref('int_metrics__potential') }} as potential
    cross join as_of
),

policy as (
    select service_cost_per_minute from {{ ref('int_policy__current') }}
),

joined as (
    select
        revenue.customer_id,
        revenue.as_of_date,
        revenue.customer_type,
        revenue.days_since_first_seen,
        revenue.days_since_first_order,
        revenue.days_since_last_order,
        interpurchase.days_between_last_two_orders,
        revenue.order_count,
        revenue.order_count_90d,
        revenue.order_count_365d,
        revenue.gross_revenue_amount,
        revenue.gross_revenue_amount_365d,
        revenue.refund_amount,
        revenue.refund_amount_365d,
        revenue.net_revenue_amount,
        revenue.net_revenue_amount_90d,
        revenue.net_revenue_amount_365d,
        revenue.previous_net_revenue_amount_365d,
        revenue.average_order_amount,
        revenue.refund_rate,
        revenue.net_revenue_growth_rate,
        {{ zero_if_loaded('baskets.discount_amount', 'erp_order_lines') }} as discount_amount,
        {{ zero_if_loaded('baskets.discount_amount_365d', 'erp_order_lines') }}
            as discount_amount_365d,
        baskets.discount_rate,
        {{ zero_if_loaded('baskets.product_cost_amount', 'product_costs') }}
            as product_cost_amount,
        {{ zero_if_loaded('baskets.product_cost_amount_365d', 'product_costs') }}
            as product_cost_amount_365d,
        {{ zero_if_loaded('support.handling_minutes', 'support_tickets') }} as handling_minutes,
        {{ zero_if_loaded('support.handling_minutes_365d', 'support_tickets') }}
            as handling_minutes_365d,
        baskets.average_basket_units,
        {{ zero_if_loaded('categories.category_count', 'product_categories') }} as category_count,
        categories.favourite_category,
        categories.favourite_category_share_rate,
        interpurchase.median_interpurchase_days,
        interpurchase.interpurchase_ratio,
        channels.favourite_channel,
        channels.channel_count,
        channels.promotion_order_rate,
        {{ zero_if_loaded('contracts.contract_count', 'billing_contracts') }} as contract_count,
        {{ zero_if_loaded('contracts.annual_contract_amount', 'billing_contracts') }}
            as annual_contract_amount,
        {{ zero_if_loaded('contracts.trial_contract_count', 'billing_contracts') }}
            as trial_contract_count,
        contracts.contract_plan,
        contracts.days_until_contract_end,
        {{ zero_if_loaded('sales.open_opportunity_count', 'crm_opportunities') }}
            as open_opportunity_count,
        case
            when revenue.is_current
                then {{ zero_if_loaded('sales.open_opportunity_amount', 'crm_opportunities') }}
        end
            as open_opportunity_amount,
        {{ zero_if_loaded('sales.won_opportunity_count', 'crm_opportunities') }}
            as won_opportunity_count,
        {{ zero_if_loaded('sales.lost_opportunity_count', 'crm_opportunities') }}
            as lost_opportunity_count,
        case when presence.has_crm_opportunities then sales.win_rate end as win_rate,
        case when presence.has_crm_opportunities then sales.average_decision_days end as average_decision_days,
        case when presence.has_crm_opportunities then sales.strong_competition_rate end
            as strong_competition_rate,
        case
            when revenue.is_current and presence.has_crm_opportunities then sales.competition_level
        end as competition_level,
        case
            when revenue.is_current and presence.has_crm_opportunities then sales.tender_stage
        end as tender_stage,
        {{ zero_if_loaded('sales.sales_activity_count_90d', 'crm_activities') }}
            as sales_activity_count_90d,
        case when presence.has_crm_activities then sales.days_since_last_sales_activity end
            as days_since_last_sales_activity,
        product_use.login_count,
        product_use.login_days_30d,
        product_use.previous_login_days_30d,
        product_use.login_days_change_rate,
        product_use.active_user_count_30d,
        product_use.feature_count_90d,
        case
            when product_use.customer_id is null then null
            when contracts.contract_plan = 'enterprise' then 0
            when contracts.contract_plan = 'professional' then product_use.enterprise_use_count_90d
            when contracts.contract_plan = 'basic'
                then product_use.professional_use_count_90d + product_use.enterprise_use_count_90d
        end as higher_plan_use_count_90d,
        product_use.days_since_last_login,
        {{ zero_if_loaded('marketing.touch_count', 'marketing_touches') }} as touch_count,
        {{ zero_if_loaded('marketing.sent_count_90d', 'marketing_touches') }} as sent_count_90d,
        {{ zero_if_loaded('marketing.open_count_90d', 'marketing_touches') }} as open_count_90d,
        {{ zero_if_loaded('marketing.click_count_90d', 'marketing_touches') }} as click_count_90d,
        marketing.open_rate_90d,
        {{ zero_if_loaded('marketing.social_count_365d', 'marketing_touches') }}
            as social_count_365d,
        {{ zero_if_loaded('marketing.event_count_365d', 'marketing_touches') }}
            as event_count_365d,
        marketing.days_since_last_response,
        {{ zero_if_loaded('support.ticket_count', 'support_tickets') }} as ticket_count,
        {{ zero_if_loaded('support.ticket_count_90d', 'support_tickets') }} as ticket_count_90d,
        {{ zero_if_loaded('support.complaint_count_90d', 'support_tickets') }}
            as complaint_count_90d,
        {{ zero_if_loaded('support.open_complaint_count', 'support_tickets') }}
            as open_complaint_count,
        support.average_first_response_hours_365d,
        support.average_satisfaction_score_365d,
        surveys.nps_score,
        surveys.days_since_nps_response,
        {{ zero_if_loaded('surveys.nps_response_count', 'support_nps_responses') }}
            as nps_response_count,
        {{ zero_if_loaded('customer_interactions.interaction_count_90d', 'interactions') }}
            as interaction_count_90d,
        customer_interactions.days_since_last_interaction,
        needs.main_need_key,
        profiles.industry,
        profiles.sub_industry,
        profiles.size_band,
        profiles.employee_count,
        profiles.influence_level,
        profiles.lead_source,
        profiles.age_band,
        profiles.gender,
        profiles.occupation,
        profiles.income_band,
        profiles.education,
        profiles.country,
        profiles.province,
        profiles.channel_type,
        profiles.contact_count,
        profiles.decision_role_count,
        profiles.decision_maker_count,
        profiles.profile_completeness_rate,
        potential.potential_amount,
        policy.service_cost_per_minute,
        revenue.is_current,
        revenue.first_seen_date,
        revenue.first_order_date,
        revenue.last_order_date
    from revenue
    inner join presence
        on revenue.as_of_date = presence.as_of_date
    cross join policy
    left join baskets
        on revenue.customer_id = baskets.customer_id
            and revenue.as_of_date = baskets.as_of_date
    left join categories
        on revenue.customer_id = categories.customer_id
            and revenue.as_of_date = categories.as_of_date
    left join interpurchase
        on revenue.customer_id = interpurchase.customer_id
            and revenue.as_of_date = interpurchase.as_of_date
    left join channels
        on revenue.customer_id = channels.customer_id
            and revenue.as_of_date = channels.as_of_date
    left join contracts
        on revenue.customer_id = contracts.customer_id
            and revenue.as_of_date = contracts.as_of_date
    left join sales
        on revenue.customer_id = sales.customer_id
            and revenue.as_of_date = sales.as_of_date
    left join product_use
        on revenue.customer_id = product_use.customer_id
            and revenue.as_of_date = product_use.as_of_date
    left join marketing
        on revenue.customer_id = marketing.customer_id
            and revenue.as_of_date = marketing.as_of_date
    left join support
        on revenue.customer_id = support.customer_id
            and revenue.as_of_date = support.as_of_date
    left join surveys
        on revenue.customer_id = surveys.customer_id
            and revenue.as_of_date = surveys.as_of_date
    left join needs
        on revenue.customer_id = needs.customer_id
            and revenue.as_of_date = needs.as_of_date
    left join customer_interactions
        on revenue.customer_id = customer_interactions.customer_id
            and revenue.as_of_date = customer_interactions.as_of_date
    left join profiles
        on revenue.customer_id = profiles.customer_id
            and revenue.as_of_date = profiles.as_of_date
    left join potential
        on revenue.customer_id = potential.customer_id
            and revenue.as_of_date = potential.as_of_date
)

select * from joined
