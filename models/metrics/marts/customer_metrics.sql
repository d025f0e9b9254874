-- one row per customer, at the current as_of_date: the columns of its contract
select {{ model.columns | join(', ') or '*' }}
from {{ ref('customer_metrics_history') }}
where is_current
