-- one row per customer that the model knew: its newest usable version
select
    customer_id,
    as_of_date,
    probability_alive,
    expected_purchase_count_3m,
    expected_purchase_count_6m,
    expected_purchase_count_12m,
    expected_value_amount_3m,
    expected_value_amount_6m,
    expected_value_amount_12m,
    method_version,
    fitted_at,
    updated_at
from {{ ref('base_model__lifetime_values') }}
where row_status = 'kept'
