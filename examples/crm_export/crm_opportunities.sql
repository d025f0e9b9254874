-- one row per row of the deals
select
    deal_id as opportunity_id,
    account_id,
    contact_id,
    stage,
    -- 1,200 is how a CRM writes 1200
    case
        when regexp_full_match(amount, '\d{1,3}(,\d{3})+(\.\d+)?') then replace(amount, ',', '')
        else amount
    end as amount,
    currency,
    competition as competition_level,
    created_at,
    expected_close as expected_close_date,
    closed_at,
    coalesce(
        won,
        case
            when lower(stage) in ('won', 'closed won', '赢单') then 'yes'
            when lower(stage) in ('lost', 'closed lost', '输单') then 'no'
        end
    ) as is_won,
    updated_at
from deals
order by input_row
