-- one row per customer per as_of_date
with contracts as (
    select * from {{ ref('int_metrics__contracts_history') }}
),

features as (
    select * from {{ ref('int_metrics__feature_use_history') }}
),

product_use as (
    select * from {{ ref('int_metrics__product_use_history') }}
),

-- Uses of features that belong to a higher plan than the one in force.
higher_plan_uses as (
    select
        product_use.customer_id,
        product_use.as_of_date,
        case contracts.contract_plan
            when 'enterprise' then 0
            when 'professional' then coalesce(features.enterprise_use_count, 0)
            when 'basic'
                then coalesce(features.professional_use_count + features.enterprise_use_count, 0)
        end as higher_plan_use_count_90d
    from product_use
    inner join contracts
        on product_use.customer_id = contracts.customer_id
            and product_use.as_of_date = contracts.as_of_date
    left join features
        on product_use.customer_id = features.customer_id
            and product_use.as_of_date = features.as_of_date
),

-- Every metric of each model below. One without a row is unknown: its source is not loaded, or too
-- old on that day.
joined as (
    select *
    from {{ ref('int_metrics__revenue_history') }}
    left join {{ ref('int_metrics__baskets_history') }} using (customer_id, as_of_date)
    left join {{ ref('int_metrics__categories_history') }} using (customer_id, as_of_date)
    left join {{ ref('int_metrics__channels_history') }} using (customer_id, as_of_date)
    left join {{ ref('int_metrics__interpurchase_history') }} using (customer_id, as_of_date)
    left join contracts using (customer_id, as_of_date)
    left join {{ ref('int_metrics__sales_history') }} using (customer_id, as_of_date)
    left join product_use using (customer_id, as_of_date)
    left join higher_plan_uses using (customer_id, as_of_date)
    left join {{ ref('int_metrics__marketing_history') }} using (customer_id, as_of_date)
    left join {{ ref('int_metrics__support_history') }} using (customer_id, as_of_date)
    left join {{ ref('int_metrics__surveys_history') }} using (customer_id, as_of_date)
    left join {{ ref('int_metrics__needs_history') }} using (customer_id, as_of_date)
    left join {{ ref('int_metrics__interactions_history') }} using (customer_id, as_of_date)
    -- Profiles and potential are known for today only: these two have the current date.
    left join {{ ref('int_metrics__profiles') }} using (customer_id, as_of_date)
    left join {{ ref('int_metrics__potential') }} using (customer_id, as_of_date)
),

-- A discount is not in the revenue. Unknown service costs are none, unknown product costs leave the
-- profit unknown. A contract in force is a purchase that goes on; one that ended was made until its
-- last day.
derived as (
    select
        *,
        {% for window in ['', '_365d'] -%}
        cast(
            net_revenue_amount{{ window }} - product_cost_amount{{ window }}
            - coalesce(service_cost_amount{{ window }}, 0) as decimal(18, 4)
        ) as profit_amount{{ window }},
        {% endfor -%}
        case
            when contract_count > 0 then 0
            else least(days_since_last_order, -days_until_contract_end)
        end as days_since_last_purchase
    from joined
),

final as (
    select
        *,
        least(days_since_last_purchase, days_since_last_interaction) as days_since_last_activity
    from derived
)

select * from final
