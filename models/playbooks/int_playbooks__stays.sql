-- one row per playbook, id of a customer at entry, and stay in the audience
{% set rounds = 4 %}
-- A row of the snapshot in business dates, under the id that the customer has today. `build_log` tells
-- the date on which a row was closed.
with spells as (
    select
        snapshot_rows.dbt_scd_id as spell_key,
        snapshot_rows.playbook_key,
        coalesce(aliases.current_customer_id, snapshot_rows.customer_id) as customer_id,
        snapshot_rows.customer_id as published_customer_id,
        aliases.retired_date as merged_date,
        snapshot_rows.as_of_date as entered_date,
        case
            when snapshot_rows.dbt_valid_to is not null
                then coalesce(builds.as_of_date, cast(snapshot_rows.dbt_valid_to as date))
        end as left_date,
        snapshot_rows.dbt_valid_from as opened_at,
        snapshot_rows.dbt_valid_to as closed_at
    from {{ ref('playbook_audience_snapshot') }} as snapshot_rows
    left join {{ ref('build_log') }} as builds
        on snapshot_rows.dbt_valid_to = builds.started_at
    left join {{ ref('customer_id_aliases') }} as aliases
        on snapshot_rows.customer_id = aliases.customer_id
),

-- Where an id was retired while its customer was in an audience, and the surviving id entered that
-- audience then, nobody left and nobody entered.
handovers as (
    select
        earlier.spell_key as earlier_spell_key,
        later.spell_key,
        row_number() over (
            partition by later.spell_key order by earlier.opened_at, earlier.published_customer_id
        ) as earlier_rank,
        row_number() over (
            partition by earlier.spell_key order by later.opened_at, later.published_customer_id
        ) as later_rank
    from spells as earlier
    inner join spells as later
        on earlier.playbook_key = later.playbook_key
            and earlier.customer_id = later.customer_id
            and earlier.left_date = later.entered_date
            and earlier.published_customer_id <> later.published_customer_id
            and earlier.closed_at <= later.opened_at
    where earlier.merged_date = earlier.left_date
),

round_0 as (
    select
        spells.spell_key,
        coalesce(handovers.earlier_spell_key, spells.spell_key) as first_spell_key
    from spells
    left join handovers
        on spells.spell_key = handovers.spell_key
            and handovers.earlier_rank = 1
            and handovers.later_rank = 1
),

-- Every round doubles the handovers looked back on: four reach sixteen of them.
{% for number in range(1, rounds + 1) %}
round_{{ number }} as (
    select
        later.spell_key,
        earlier.first_spell_key
    from round_{{ number - 1 }} as later
    inner join round_{{ number - 1 }} as earlier
        on later.first_spell_key = earlier.spell_key
),
{% endfor %}

-- A spell belongs to the id under which the first of its chain began. One that was opened and closed on
-- the same date (a correction) was never a stay.
carried_spells as (
    select
        spells.playbook_key,
        spells.customer_id,
        first_spells.published_customer_id as entered_customer_id,
        first_spells.merged_date,
        spells.entered_date,
        spells.left_date,
        lag(spells.left_date) over (
            partition by
                spells.playbook_key, spells.customer_id, first_spells.published_customer_id
            order by spells.entered_date
        ) as previous_left_date
    from spells
    inner join round_{{ rounds }} as chains
        on spells.spell_key = chains.spell_key
    inner join spells as first_spells
        on chains.first_spell_key = first_spells.spell_key
    where spells.left_date is null or spells.left_date > spells.entered_date
),

-- A customer who left and came back on the same date (a correction), or after a short absence (a
-- source was missing for some nights), never left.
numbered_spells as (
    select
        carried_spells.*,
        sum(
            case
                when {{ dbt.datediff(
                    'carried_spells.previous_left_date', 'carried_spells.entered_date', 'day'
                ) }} <= coalesce(playbooks.return_days, 0) then 0
                else 1
            end
        ) over (
            partition by
                carried_spells.playbook_key,
                carried_spells.customer_id,
                carried_spells.entered_customer_id
            order by carried_spells.entered_date
        ) as stay_number
    from carried_spells
    left join {{ ref('playbooks') }} as playbooks
        on carried_spells.playbook_key = playbooks.playbook_key
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
