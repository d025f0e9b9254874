-- one row per customer per as_of_date
with joined as (
    select * from {{ ref('int_metrics__joined_history') }}
),

costed as (
    select
        *,
        cast(handling_minutes as decimal(28, 4)) * service_cost_per_minute as service_cost_amount,
        cast(handling_minutes_365d as decimal(28, 4)) * service_cost_per_minute
            as service_cost_amount_365d
    from joined
),

-- What a discount took is not in the revenue. Unknown service costs are none, unknown product costs
-- leave the profit unknown.
profited as (
    select
        *,
        net_revenue_amount - product_cost_amount - coalesce(service_cost_amount, 0)
            as profit_amount,
        net_revenue_amount_365d - product_cost_amount_365d - coalesce(service_cost_amount_365d, 0)
            as profit_amount_365d
    from costed
),

-- A contract in force is a purchase that goes on; one that ended was made until its last day.
purchased as (
    select
        *,
        case
            when contract_count > 0 then 0
            else least(days_since_last_order, -days_until_contract_end)
        end as days_since_last_purchase
    from profited
),

final as (
    select
        customer_id,
        as_of_date,
        customer_type,
        favourite_category,
        favourite_channel,
        contract_plan,
        competition_level,
        tender_stage,
        main_need_key,
        industry,
        sub_industry,
        size_band,
        influence_level,
        lead_source,
        age_band,
        gender,
        occupation,
        income_band,
        education,
        country,
        province,
        channel_type,
        cast(days_since_first_seen as bigint) as days_since_first_seen,
        cast(days_since_first_order as bigint) as days_since_first_order,
        cast(days_since_last_order as bigint) as days_since_last_order,
        cast(days_since_last_purchase as bigint) as days_since_last_purchase,
        cast(days_between_last_two_orders as bigint) as days_between_last_two_orders,
        cast(order_count as bigint) as order_count,
        cast(order_count_90d as bigint) as order_count_90d,
        cast(order_count_365d as bigint) as order_count_365d,
        gross_revenue_amount,
        gross_revenue_amount_365d,
        refund_amount,
        refund_amount_365d,
        net_revenue_amount,
        net_revenue_amount_90d,
        net_revenue_amount_365d,
        previous_net_revenue_amount_365d,
        average_order_amount,
        refund_rate,
        net_revenue_growth_rate,
        cast(discount_amount as decimal(18, 4)) as discount_amount,
        cast(discount_amount_365d as decimal(18, 4)) as discount_amount_365d,
        discount_rate,
        cast(product_cost_amount as decimal(18, 4)) as product_cost_amount,
        cast(product_cost_amount_365d as decimal(18, 4)) as product_cost_amount_365d,
        cast(handling_minutes as decimal(18, 4)) as handling_minutes,
        cast(handling_minutes_365d as decimal(18, 4)) as handling_minutes_365d,
        cast(service_cost_amount as decimal(18, 4)) as service_cost_amount,
        cast(service_cost_amount_365d as decimal(18, 4)) as service_cost_amount_365d,
        cast(profit_amount as decimal(18, 4)) as profit_amount,
        cast(profit_amount_365d as decimal(18, 4)) as profit_amount_365d,
        average_basket_units,
        cast(category_count as bigint) as category_count,
        favourite_category_share_rate,
        median_interpurchase_days,
        interpurchase_ratio,
        cast(channel_count as bigint) as channel_count,
        promotion_order_rate,
        cast(contract_count as bigint) as contract_count,
        cast(annual_contract_amount as decimal(18, 4)) as annual_contract_amount,
        cast(trial_contract_count as bigint) as trial_contract_count,
        cast(days_until_contract_end as bigint) as days_until_contract_end,
        cast(open_opportunity_count as bigint) as open_opportunity_count,
        cast(open_opportunity_amount as decimal(18, 4)) as open_opportunity_amount,
        cast(won_opportunity_count as bigint) as won_opportunity_count,
        cast(lost_opportunity_count as bigint) as lost_opportunity_count,
        win_rate,
        strong_competition_rate,
        average_decision_days,
        cast(sales_activity_count_90d as bigint) as sales_activity_count_90d,
        cast(days_since_last_sales_activity as bigint) as days_since_last_sales_activity,
        cast(login_count as bigint) as login_count,
        cast(login_days_30d as bigint) as login_days_30d,
        cast(previous_login_days_30d as bigint) as previous_login_days_30d,
        login_days_change_rate,
        cast(active_user_count_30d as bigint) as active_user_count_30d,
        cast(feature_count_90d as bigint) as feature_count_90d,
        cast(higher_plan_use_count_90d as bigint) as higher_plan_use_count_90d,
        cast(days_since_last_login as bigint) as days_since_last_login,
        cast(touch_count as bigint) as touch_count,
        cast(sent_count_90d as bigint) as sent_count_90d,
        cast(open_count_90d as bigint) as open_count_90d,
        cast(click_count_90d as bigint) as click_count_90d,
        open_rate_90d,
        cast(social_count_365d as bigint) as social_count_365d,
        cast(event_count_365d as bigint) as event_count_365d,
        cast(days_since_last_response as bigint) as days_since_last_response,
        cast(ticket_count as bigint) as ticket_count,
        cast(ticket_count_90d as bigint) as ticket_count_90d,
        cast(complaint_count_90d as bigint) as complaint_count_90d,
        cast(open_complaint_count as bigint) as open_complaint_count,
        average_first_response_hours_365d,
        average_satisfaction_score_365d,
        cast(nps_score as bigint) as nps_score,
        cast(days_since_nps_response as bigint) as days_since_nps_response,
        cast(nps_response_count as bigint) as nps_response_count,
        cast(interaction_count_90d as bigint) as interaction_count_90d,
        cast(days_since_last_interaction as bigint) as days_since_last_interaction,
        cast(least(days_since_last_purchase, days_since_last_interaction) as bigint)
            as days_since_last_activity,
        cast(employee_count as bigint) as employee_count,
        cast(contact_count as bigint) as contact_count,
        cast(decision_role_count as bigint) as decision_role_count,
        cast(decision_maker_count as bigint) as decision_maker_count,
        profile_completeness_rate,
        cast(potential_amount as decimal(18, 4)) as potential_amount,
        is_current,
        first_seen_date,
        first_order_date,
        last_order_date
    from purchased
)

select * from final
