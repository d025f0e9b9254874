-- one row per row of the audience snapshot
{% set rounds = 4 %}
with snapshot_rows as (
    select * from {{ ref('playbook_audience_snapshot') }}
),

builds as (
    select
        started_at,
        as_of_date
    from {{ ref('build_log') }}
),

aliases as (
    select
        customer_id,
        current_customer_id,
        retired_date
    from {{ ref('customer_id_aliases') }}
),

-- `build_log` tells the business date on which a row was closed.
spells as (
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
    from snapshot_rows
    left join builds
        on snapshot_rows.dbt_valid_to = builds.started_at
    left join aliases
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

final as (
    select
        spells.spell_key,
        spells.playbook_key,
        spells.customer_id,
        first_spells.published_customer_id as entered_customer_id,
        first_spells.merged_date,
        spells.entered_date,
        spells.left_date
    from spells
    inner join round_{{ rounds }}
        on spells.spell_key = round_{{ rounds }}.spell_key
    inner join spells as first_spells
        on round_{{ rounds }}.first_spell_key = first_spells.spell_key
)

select * from final
