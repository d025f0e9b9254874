-- one row per row of the contacts
-- a name leads to an account if one account alone has it
with named_accounts as (
    select
        account_name,
        min(account_id) as account_id
    from accounts
    group by account_name
    having count(distinct account_id) = 1
)

select
    contacts.contact_id,
    -- `12;34` names the main account first; a name that leads nowhere goes on for the build to judge
    coalesce(
        split_part(contacts.account_id, ';', 1), named_accounts.account_id, contacts.account_name
    ) as account_id,
    coalesce(
        full_name,
        case
            -- A Chinese name is written family name first, without a blank.
            when regexp_matches(concat(last_name, first_name), '\p{Han}')
                then concat(last_name, first_name)
            else nullif(concat_ws(' ', first_name, last_name), '')
        end
    ) as full_name,
    email,
    coalesce(contacts.mobile, contacts.phone) as phone,
    wechat_id,
    -- Any other word goes on as it is, for the build to judge.
    case lower(role)
        when 'end user' then 'user'
        when 'champion' then 'influencer'
        when 'technical buyer' then 'technical'
        when 'procurement' then 'purchasing'
        when 'economic buyer' then 'decision_maker'
        else role
    end as decision_role,
    title as occupation,
    city,
    created_at,
    updated_at
from contacts
left join named_accounts
    on contacts.account_name = named_accounts.account_name
order by contacts.input_row
