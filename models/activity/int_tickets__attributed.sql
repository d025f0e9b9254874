-- one row per ticket
with tickets as (
    select * from {{ ref('stg_support__tickets') }}
),

ties as (
    select
        source_table,
        source_record_id,
        customer_id
    from {{ ref('int_source_records__attributed') }}
),

-- The account comes before the requester's addresses.
attributed as (
    select
        tickets.ticket_id,
        coalesce(account_ties.customer_id, requester_ties.customer_id) as customer_id,
        tickets.ticket_category,
        tickets.severity,
        tickets.handling_minutes,
        tickets.satisfaction_score,
        tickets.opened_date,
        tickets.opened_at,
        tickets.first_response_date,
        tickets.first_response_at,
        tickets.closed_date
    from tickets
    left join ties as account_ties
        on tickets.account_id = account_ties.source_record_id
            and account_ties.source_table = 'crm_accounts'
    left join ties as requester_ties
        on tickets.ticket_id = requester_ties.source_record_id
            and requester_ties.source_table = 'support_tickets'
)

select * from attributed
