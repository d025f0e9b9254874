-- one row per ticket; its account comes before what the ticket itself names
select
    tickets.ticket_id,
    coalesce(accounts.customer_id, requesters.customer_id) as customer_id,
    tickets.ticket_category,
    tickets.severity,
    tickets.handling_minutes,
    tickets.satisfaction_score,
    tickets.opened_date,
    tickets.opened_at,
    tickets.first_response_date,
    tickets.first_response_at,
    tickets.closed_date
from {{ ref('stg_support__tickets') }} as tickets
left join {{ ref('int_source_records__attributed') }} as accounts
    on accounts.source_table = 'crm_accounts'
        and tickets.account_id = accounts.source_record_id
left join {{ ref('int_source_records__attributed') }} as requesters
    on requesters.source_table = 'support_tickets'
        and tickets.ticket_id = requesters.source_record_id
