-- one row per row of the contacts
select
    contact_id,
    account_id,
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
    coalesce(mobile, phone) as phone,
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
order by input_row
