-- what becomes of every input row: the first case that fits
with fates as (
    select
        'accounts' as input,
        case
            when account_id is null then 'account, rejected: missing key'
            else 'account'
        end as fate
    from accounts
    union all
    select
        'contacts' as input,
        case
            when contact_id is null then 'contact, rejected: missing key'
            when account_id is null then 'contact without an account: a consumer'
            when account_id not in (select account_id from accounts where account_id is not null)
                then 'contact, rejected: unknown account'
            else 'contact of an account'
        end as fate
    from contacts
    union all
    select
        'deals' as input,
        case
            when deal_id is null then 'deal, rejected: missing key'
            when created_at is null then 'deal, rejected: unreadable date'
            when account_id not in (select account_id from accounts where account_id is not null)
                then 'deal, rejected: unknown account'
            when closed_at is null then 'deal, open'
            else 'deal, closed'
        end as fate
    from deals
)

select
    input,
    fate,
    count(*) as rows
from fates
group by input, fate
order by input, rows desc, fate
