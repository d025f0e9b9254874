-- one row per row of the deals
-- a name leads to an account if one account alone has it
with named_accounts as (
    select
        account_name,
        min(account_id) as account_id
    from accounts
    group by account_name
    having count(distinct account_id) = 1
),

judged as (
    select
        *,
        coalesce(
            lower(is_closed) in ('true', 't', 'yes', 'y', '1', '是'),
            lower(stage) in ('won', 'closed won', 'lost', 'closed lost', '赢单', '输单'),
            false
        ) as has_closed
    from deals
)

select
    judged.deal_id as opportunity_id,
    -- `12;34` names the main one first; a name that leads nowhere goes on for the build to judge
    coalesce(
        split_part(judged.account_id, ';', 1), named_accounts.account_id, judged.account_name
    ) as account_id,
    split_part(judged.contact_id, ';', 1) as contact_id,
    stage,
    -- 1,200 is how a CRM writes 1200
    case
        when regexp_full_match(amount, '\d{1,3}(,\d{3})+(\.\d+)?') then replace(amount, ',', '')
        else amount
    end as amount,
    currency,
    competition as competition_level,
    created_at,
    coalesce(expected_close, close_date) as expected_close_date,
    coalesce(closed_at, case when has_closed then close_date end) as closed_at,
    coalesce(
        won,
        case
            when lower(stage) in ('won', 'closed won', '赢单') then 'yes'
            when lower(stage) in ('lost', 'closed lost', '输单') then 'no'
        end
    ) as is_won,
    updated_at
from judged
left join named_accounts
    on judged.account_name = named_accounts.account_name
order by judged.input_row
