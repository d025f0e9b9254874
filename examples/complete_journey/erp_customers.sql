-- one row per household; the data set is of households, so each is a consumer
select distinct
    household_id as customer_code,
    'consumer' as customer_type
from transactions
where household_id is not null
order by customer_code
