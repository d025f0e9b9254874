-- what becomes of every input row: the first case that fits
with named_accounts as (
    select account_name
    from accounts
    group by account_name
    having count(distinct account_id) = 1
),

people as (
    select
        contact_id,
        coalesce(split_part(account_id, ';', 1), account_name) as account,
        account_id is null and account_name in (select account_name from named_accounts) as is_named
    from contacts
),

opportunities as (
    select
        deal_id,
        created_at,
        coalesce(split_part(account_id, ';', 1), account_name) as account,
        account_id is null and account_name in (select account_name from named_accounts) as is_named,
        closed_at is not null
        or (
            close_date is not null
            and coalesce(
                lower(is_closed) in ('true', 't', 'yes', 'y', '1', '是'),
                lower(stage) in ('won', 'closed won', 'lost', 'closed lost', '赢单', '输单'),
                false
            )
        ) as has_closed
    from deals
),

statuses as (
    select
        'accounts' as input,
        case
            when account_id is null then 'account, rejected: missing key'
            else 'account'
        end as status
    from accounts
    union all
    select
        'contacts' as input,
        case
            when contact_id is null then 'contact, rejected: missing key'
            when account is null then 'contact without an account: a consumer'
            when is_named then 'contact of an account, found by its name'
            when account not in (select account_id from accounts where account_id is not null)
                then 'contact, rejected: unknown account'
            else 'contact of an account'
        end as status
    from people
    union all
    select
        'deals' as input,
        case
            when deal_id is null then 'deal, rejected: missing key'
            when created_at is null then 'deal, rejected: unreadable date'
            when
                not is_named
                and account not in (select account_id from accounts where account_id is not null)
                then 'deal, rejected: unknown account'
            when has_closed then 'deal, closed'
            else 'deal, open'
        end as status
    from opportunities
)

select
    input,
    status,
    count(*) as rows
from statuses
group by input, status
order by input, rows desc, status
