-- one row per row of customer_id_changes
with changes as (
    select
        customer_id,
        new_customer_id,
        cause,
        record_count,
        changed_date
    from {{ ref('customer_id_changes') }}
),

moves as (
    select
        record_key,
        customer_id,
        next_customer_id as new_customer_id,
        changed_date,
        changed_at
    from {{ ref('int_customer_ids__held') }}
    where next_customer_id is not null
),

builds as (
    select
        customer_id,
        new_customer_id,
        changed_date,
        min(changed_at) as first_changed_at,
        max(changed_at) as last_changed_at
    from moves
    group by customer_id, new_customer_id, changed_date
),

-- Revenue hangs on the customer numbers of the order system.
revenue_rows as (
    select
        'erp:' || customer_code as record_key,
        order_id,
        order_amount as net_revenue_amount
    from {{ ref('int_orders__valued') }}
    where is_counted

    union all

    select
        'erp:' || customer_code as record_key,
        cast(null as varchar) as order_id,
        -refund_amount as net_revenue_amount
    from {{ ref('int_refunds__valued') }}
    where is_counted
),

revenue as (
    select
        moves.customer_id,
        moves.new_customer_id,
        moves.changed_date,
        count(distinct revenue_rows.order_id) as order_count,
        sum(revenue_rows.net_revenue_amount) as net_revenue_amount
    from (
        select
            record_key,
            customer_id,
            new_customer_id,
            changed_date
        from moves
        group by record_key, customer_id, new_customer_id, changed_date
    ) as moves
    inner join revenue_rows
        on moves.record_key = revenue_rows.record_key
    group by moves.customer_id, moves.new_customer_id, moves.changed_date
),

tiers as (
    select
        customer_id,
        tier_key,
        dbt_valid_from,
        dbt_valid_to
    from {{ ref('customer_segments_snapshot') }}
),

-- An action is a step of its playbook for a member that may be contacted.
open_actions as (
    select
        members.entered_customer_id as customer_id,
        members.customer_id as new_customer_id,
        count(*) as action_count
    from {{ ref('playbook_members') }} as members
    inner join {{ ref('playbook_steps') }} as steps
        on members.playbook_key = steps.playbook_key
    where members.is_active
        and members.is_contactable
        and members.entered_customer_id <> members.customer_id
    group by members.entered_customer_id, members.customer_id
),

final as (
    select
        changes.customer_id,
        changes.new_customer_id,
        changes.cause,
        old_before.tier_key as tier_key_before,
        old_after.tier_key as tier_key_after,
        new_before.tier_key as new_customer_tier_key_before,
        new_after.tier_key as new_customer_tier_key_after,
        changes.record_count,
        coalesce(revenue.order_count, 0) as order_count,
        cast(coalesce(revenue.net_revenue_amount, 0) as decimal(18, 4)) as net_revenue_amount,
        coalesce(open_actions.action_count, 0) as open_action_count,
        changes.changed_date
    from changes
    inner join builds
        on changes.customer_id = builds.customer_id
            and changes.new_customer_id = builds.new_customer_id
            and changes.changed_date = builds.changed_date
    left join revenue
        on changes.customer_id = revenue.customer_id
            and changes.new_customer_id = revenue.new_customer_id
            and changes.changed_date = revenue.changed_date
    {% for side, id in {'old': 'customer_id', 'new': 'new_customer_id'}.items() %}
    -- Snapshot rows start and end with builds: before is up to the first one, after from the last.
    left join tiers as {{ side }}_before
        on changes.{{ id }} = {{ side }}_before.customer_id
            and builds.first_changed_at > {{ side }}_before.dbt_valid_from
            and (
                {{ side }}_before.dbt_valid_to is null
                or builds.first_changed_at <= {{ side }}_before.dbt_valid_to
            )
    left join tiers as {{ side }}_after
        on changes.{{ id }} = {{ side }}_after.customer_id
            and builds.last_changed_at >= {{ side }}_after.dbt_valid_from
            and (
                {{ side }}_after.dbt_valid_to is null
                or builds.last_changed_at < {{ side }}_after.dbt_valid_to
            )
    {% endfor %}
    left join open_actions
        on changes.customer_id = open_actions.customer_id
            and changes.new_customer_id = open_actions.new_customer_id
)

select * from final
