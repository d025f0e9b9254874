-- one row per currency and period: CNY for one unit
create table truth_rates as
select
    currency_code as currency,
    exchange_rate,
    valid_from_date,
    lead(valid_from_date, 1, date '9999-12-31') over (
        partition by currency_code order by valid_from_date
    ) as valid_before_date,
from (
    select currency_code, exchange_rate, valid_from_date
    from exchange_rates
    where base_currency = 'CNY'
    union all
    select 'CNY', 1, date '1900-01-01'
) as rates;

-- one row per customer: the answers that a warehouse over the raw files should come to
create table truth_customers as
with counted_orders as (
    select
        orders.entity_no,
        cast(orders.moment as date) as order_date,
        order_values.amount,
        order_values.amount * rates.exchange_rate as cny_amount,
        entities.silent_from_day is not null
            and cast(orders.moment as date) > date_of(entities.return_day - 100)
            as is_after_silence,
    from orders
    join order_values using (order_no)
    join entities using (entity_no)
    join truth_rates as rates
        on rates.currency = orders.currency
        and cast(orders.moment as date) >= rates.valid_from_date
        and cast(orders.moment as date) < rates.valid_before_date
    where orders.status = 'completed'
),

order_sums as (
    select
        entity_no,
        count(*) as order_count,
        min(order_date) as first_order_date,
        max(order_date) as last_order_date,
        max(order_date) filter (not is_after_silence) as last_date_before_silence,
        min(order_date) filter (is_after_silence) as first_date_after_silence,
        cast(sum(amount) as bigint) as gross,
        sum(cny_amount) as cny_gross,
    from counted_orders
    group by entity_no
),

refund_sums as (
    select
        entity_no,
        cast(sum(amount) as bigint) as refunded,
        sum(amount * rates.exchange_rate) as cny_refunded,
    from refunds
    join truth_rates as rates
        on rates.currency = refunds.currency
        and cast(refunds.moment as date) >= rates.valid_from_date
        and cast(refunds.moment as date) < rates.valid_before_date
    where entity_no is not null
    group by entity_no
)

select
    entities.entity_id,
    entities.customer_type,
    entities.country,
    entities.pattern,
    case entities.pattern
        when 'lapsed' then order_sums.last_order_date
        when 'returned' then order_sums.last_date_before_silence
    end as lapsed_at,
    if(entities.pattern = 'returned', order_sums.first_date_after_silence, null) as returned_at,
    order_sums.first_order_date,
    order_sums.last_order_date,
    coalesce(order_sums.order_count, 0) as order_count,
    entities.currency,
    cast(coalesce(order_sums.gross, 0) / 100.0 as decimal(18, 2)) as gross_amount,
    cast(coalesce(refund_sums.refunded, 0) / 100.0 as decimal(18, 2)) as refund_amount,
    cast((coalesce(order_sums.gross, 0) - coalesce(refund_sums.refunded, 0)) / 100.0 as decimal(18, 2))
        as net_amount,
    cast(coalesce(cny_gross, 0) / 100 as decimal(18, 4)) as gross_cny_amount,
    cast(coalesce(cny_refunded, 0) / 100 as decimal(18, 4)) as refund_cny_amount,
    cast((coalesce(cny_gross, 0) - coalesce(cny_refunded, 0)) / 100 as decimal(18, 4))
        as net_cny_amount,
    date_of(entities.cools_from_day) as signs_from,
    organisations.subscription,
    -- The day on which the subscription ended for good.
    if(organisations.subscription in ('ended', 'cancelled'), date_of(organisations.end_day), null)
        as churned_at,
    date_of(organisations.falls_from_day) as use_falls_from,
    treatments.is_treated,
from entities
left join organisations using (entity_no)
left join treatments using (entity_no)
left join order_sums using (entity_no)
left join refund_sums using (entity_no)
order by entities.entity_no;

-- one row per customer code
create table truth_records as
select
    records.customer_code,
    entities.entity_id,
    records.has_record as is_in_erp_customers,
from records
join entities using (entity_no)
order by records.customer_code;

-- one row per organisation or person without a customer code
create table truth_leads as
select
    entity_id,
    customer_type,
    country,
    kind,
from leads
order by entity_no;

-- one row per record of the other systems that people or companies stand in: whose it is
create table truth_system_records as
select listed.source_table, listed.record_key, parties.entity_id
from (
    select 'crm_accounts' as source_table, account_id as record_key, entity_no from accounts
    union all
    select 'crm_contacts', contact_id, entity_no from contacts
    union all
    select 'billing_contracts', contract_id, entity_no from contracts
    union all
    select 'product_users', user_id, entity_no from users
    union all
    select 'support_tickets', ticket_id, entity_no from tickets
    union all
    select 'support_nps_responses', response_id, entity_no from nps_answers
    union all
    select 'marketing_subscribers', subscriber_id, entity_no from subscribers
    union all
    select 'feedback_erasure_requests', request_id, entity_no from erasures
) as listed
left join parties using (entity_no);

-- one row per planted value, and the first table that it stands in
create table truth_canaries as
with planted as (
    select 'erp_customers' as source_table, 'name' as kind, customer_name as value from canaries
    union all
    select 'erp_customers', unnest(['email', 'phone', 'address']), unnest([email, phone, address])
    from canaries
    union all
    select 'crm_contacts', 'wechat_id', wechat_id from canaries
    union all
    select
        'crm_contacts', unnest(['name', 'email', 'phone', 'wechat_id']),
        unnest([full_name, email, phone, wechat_id])
    from people where is_canary
    union all
    select 'crm_accounts', unnest(['phone', 'address']), unnest([phone, address])
    from crm_accounts where address like '%Quillfeather%' and expected_status is null
    union all
    select 'product_users', 'email', email from users where canary_no is not null
    union all
    select 'support_tickets', 'email', requester_email
    from support_tickets where requester_email like 'canary.04%' and expected_status is null
    union all
    select
        'marketing_subscribers', unnest(['name', 'email', 'phone', 'wechat_id']),
        unnest([full_name, email, phone, wechat_id])
    from subscribers where is_canary and pattern = 'lead'
)

select kind, value, source_table from planted;
