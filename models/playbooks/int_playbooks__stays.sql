-- one row per playbook, id of a customer at entry, and stay in the audience
with spells as (
    -- One that was opened and closed on the same date (a correction) was never a stay.
    select * from {{ ref('int_playbooks__spells') }}
    where left_date is null or left_date > entered_date
),

playbooks as (
    select
        playbook_key,
        return_days
    from {{ ref('playbooks') }}
),

previous_ends as (
    select
        *,
        lag(left_date) over (
            partition by playbook_key, customer_id, entered_customer_id order by entered_date
        ) as previous_left_date
    from spells
),

-- A customer who left and came back on the same date (a correction), or after a short absence (a
-- source was missing for some nights), never left.
marked_spells as (
    select
        previous_ends.*,
        case
            when {{ dbt.datediff(
                'previous_ends.previous_left_date', 'previous_ends.entered_date', 'day'
            ) }} <= coalesce(playbooks.return_days, 0) then 0
            else 1
        end as is_new_stay
    from previous_ends
    left join playbooks
        on previous_ends.playbook_key = playbooks.playbook_key
),

numbered_spells as (
    select
        *,
        sum(is_new_stay) over (
            partition by playbook_key, customer_id, entered_customer_id order by entered_date
        ) as stay_number
    from marked_spells
),

stays as (
    select
        playbook_key,
        customer_id,
        entered_customer_id,
        min(merged_date) as merged_date,
        min(entered_date) as entered_date,
        case when count(*) = count(left_date) then max(left_date) end as left_date
    from numbered_spells
    group by playbook_key, customer_id, entered_customer_id, stay_number
)

select * from stays
