-- one row per customer; eight have two countries, of which the latest invoice with one decides
select
    cast(customer_id as varchar) as customer_code,
    arg_max(country, (invoice_date is not null, invoice_date, invoice_no, country)) as country
from input
where customer_id is not null
group by customer_id
order by customer_code
