-- one row per customer, at the current as_of_date
with metrics as (
    select * from {{ ref('customer_metrics') }}
),

purchases as (
    select * from {{ ref('int_lifetime__purchases') }}
),

forward_values as (
    select * from {{ ref('int_lifetime__forward_values') }}
),

modelled as (
    select * from {{ ref('stg_model__lifetime_values') }}
),

final as (
    select
        metrics.customer_id,
        metrics.as_of_date,
        metrics.customer_type,
        modelled.method_version,
        metrics.net_revenue_amount,
        metrics.profit_amount,
        purchases.btyd_frequency,
        purchases.btyd_recency,
        purchases.btyd_age,
        purchases.repeat_purchase_average_amount,
        forward_values.forward_purchase_count_12m,
        forward_values.forward_purchase_average_amount,
        forward_values.forward_value_amount_12m,
        -- After a single purchase the model calls everyone alive.
        case
            when purchases.btyd_frequency > 0 then cast(modelled.probability_alive as double)
        end as probability_alive,
        {% for months in [3, 6, 12] -%}
        cast(modelled.expected_purchase_count_{{ months }}m as double)
            as expected_purchase_count_{{ months }}m,
        {% endfor -%}
        modelled.expected_value_amount_3m,
        modelled.expected_value_amount_6m,
        modelled.expected_value_amount_12m,
        modelled.as_of_date as model_as_of_date,
        modelled.fitted_at
    from metrics
    left join purchases
        on metrics.customer_id = purchases.customer_id
    left join forward_values
        on metrics.customer_id = forward_values.customer_id
    left join modelled
        on metrics.customer_id = modelled.customer_id
            and purchases.customer_id is not null
)

select * from final
